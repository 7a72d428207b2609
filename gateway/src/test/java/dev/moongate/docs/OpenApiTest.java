package dev.moongate.docs;

import static dev.moongate.testing.DashScopeScripts.delivering;
import static dev.moongate.testing.DashScopeScripts.png;
import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import dev.moongate.provider.ImageProvider.Mode;
import dev.moongate.testing.MoongateHarness;
import dev.moongate.testing.MoongateHarness.Answer;
import dev.moongate.testing.StandInUpstream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What the gateway answers is what its OpenAPI document says it answers. */
@Timeout(120)
class OpenApiTest {
  @TempDir private Path home;
  private JsonNode document;

  @Test
  void answersAreWhatTheDocumentSays() {
    try (StandInUpstream upstream = delivering(new StandInUpstream(), png(10, 10, 1));
        MoongateHarness moongate = MoongateHarness.before(home, upstream.uri(), Mode.ASYNC)) {
      document = moongate.get("/openapi.json").json();
      assertThat(document.path("openapi").stringValue()).isEqualTo("3.0.3");

      Answer made =
          moongate.generate(
              "{\"model\":\"wan2.7-image-pro\",\"prompt\":\"x\",\"n\":2,\"user\":\"u\"}");
      assertThat(made.status()).isEqualTo(200);
      conforms(made, "ImagesAnswer");
      conforms(
          moongate.get("/v1/images/generations/" + made.header("x-moongate-generation")),
          "Generation");
      conforms(moongate.get("/v1/images/generations"), "GenerationList");
      Answer begun =
          moongate.generate(
              "{\"model\":\"wan2.7-image-pro\",\"prompt\":\"y\"}", "Prefer", "respond-async");
      assertThat(begun.status()).isEqualTo(202);
      conforms(begun, "Generation");
      conforms(
          moongate.delete("/v1/images/generations/" + made.header("x-moongate-generation")),
          "Deleted");
      Answer refused = moongate.generate("{\"model\":\"wan2.7-image-pro\"}");
      assertThat(refused.status()).isEqualTo(400);
      conforms(refused, "ErrorAnswer");
      conforms(moongate.get("/v1/models"), "ModelList");
      conforms(moongate.get("/v1/models/wan2.7-image"), "Model");
      conforms(moongate.get("/readyz"), "Status");
    }
  }

  private void conforms(Answer answer, String schemaName) {
    ObjectNode schema = (ObjectNode) document.deepCopy();
    schema.put("$ref", "#/components/schemas/" + schemaName);
    Schema validator =
        SchemaRegistry.withDialect(Dialects.getOpenApi30())
            .getSchema(JsonMapper.builder().build().writeValueAsString(schema), InputFormat.JSON);
    assertThat(
            validator.validate(
                new String(answer.bytes(), StandardCharsets.UTF_8), InputFormat.JSON))
        .as(schemaName + ": " + answer.json())
        .isEmpty();
  }
}
