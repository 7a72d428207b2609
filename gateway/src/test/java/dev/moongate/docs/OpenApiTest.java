package dev.moongate.docs;

import static dev.moongate.testing.DashScopeScripts.delivering;
import static dev.moongate.testing.DashScopeScripts.png;
import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import dev.moongate.provider.ImageProvider.Mode;
import dev.moongate.testing.DashScopeFace;
import dev.moongate.testing.EventClient;
import dev.moongate.testing.EventClient.Block;
import dev.moongate.testing.Form;
import dev.moongate.testing.MoongateHarness;
import dev.moongate.testing.MoongateHarness.Answer;
import dev.moongate.testing.Pictures;
import dev.moongate.testing.StandInUpstream;
import dev.moongate.testing.TaskUpstream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** What the gateway answers is what its OpenAPI document says it answers. */
@Timeout(300)
class OpenApiTest {
  private static final String NAMED =
      "{\"name\":\"a\",\"limits\":{\"concurrent\":5,\"pixels_per_day\":null}}";

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

  @Test
  void theEventsOfAStreamAreToo() {
    try (StandInUpstream upstream = delivering(new StandInUpstream(), png(10, 10, 1));
        MoongateHarness moongate = MoongateHarness.before(home, upstream.uri(), Mode.ASYNC)) {
      document = moongate.get("/openapi.json").json();
      try (EventClient stream =
          moongate.stream("{\"model\":\"wan2.7-image-pro\",\"prompt\":\"x\",\"stream\":true}")) {
        List<String> names = new ArrayList<>();
        for (Block event = stream.nextEvent(); event != null; event = stream.nextEvent()) {
          names.add(event.name());
          conforms(event.text(), "ImageEvent");
          conforms(event.text(), schema(event.name()));
        }
        assertThat(names)
            .contains("image_generation.running")
            .endsWith("image_generation.completed", "image_generation.done");
      }
    }
  }

  private static String schema(String event) {
    return switch (event) {
      case "image_generation.completed" -> "ImageCompletedEvent";
      case "image_generation.done" -> "ImageDoneEvent";
      default -> "ImageProgressEvent";
    };
  }

  @Test
  void answersToEditsAreToo() {
    try (StandInUpstream upstream = delivering(new StandInUpstream(), png(10, 10, 1));
        MoongateHarness moongate = MoongateHarness.before(home, upstream.uri(), Mode.ASYNC)) {
      document = moongate.get("/openapi.json").json();
      Answer edited =
          Form.edit()
              .picture(Pictures.png(300, 250))
              .text("input_fidelity", "high")
              .sendTo(moongate);
      assertThat(edited.status()).isEqualTo(200);
      conforms(edited, "ImagesAnswer");
      conforms(new Form().sendTo(moongate), "ErrorAnswer");
      assertThat(document.at("/paths/~1v1~1images~1edits/post/requestBody/content").propertyNames())
          .containsExactlyInAnyOrder("multipart/form-data", "application/json");
    }
  }

  @Test
  void theAdminsAnswersAreToo() {
    try (StandInUpstream upstream = delivering(new StandInUpstream(), png(10, 10, 1));
        MoongateHarness moongate = MoongateHarness.before(home, upstream.uri(), Mode.ASYNC)) {
      document = moongate.get("/openapi.json").json();
      String project = "/projects/" + id(admin(moongate, "POST", "/projects", "Project", NAMED));
      admin(moongate, "GET", "/projects", "ProjectList", null);
      admin(moongate, "GET", project, "Project", null);
      admin(moongate, "PATCH", project, "Project", "{\"weight\":2}");
      admin(moongate, "PUT", project + "/budgets/day", "Budget", "{\"amount\":\"1\"}");
      admin(moongate, "GET", project + "/budgets", "BudgetList", null);
      admin(moongate, "DELETE", project + "/budgets/day", "BudgetDeleted", null);
      String key = "/keys/" + id(admin(moongate, "POST", "/keys", "NewKey", NAMED));
      admin(moongate, "GET", "/keys", "KeyList", null);
      admin(moongate, "GET", key, "Key", null);
      admin(moongate, "PATCH", key, "Key", "{\"webhook_url\":\"https://a.example.com/\"}");
      admin(moongate, "POST", key + "/rotate", "NewKey", "{\"grace_seconds\":60}");
      admin(moongate, "PUT", key + "/budgets/total", "Budget", "{\"amount\":\"1\"}");
      admin(moongate, "DELETE", key, "Deleted", null);
      admin(moongate, "GET", "/audit-log", "AuditList", null);
      admin(moongate, "GET", "/accounts", "AccountList", null);
      String made =
          moongate
              .generate("{\"model\":\"wan2.7-image-pro\",\"prompt\":\"x\"}")
              .header("x-moongate-generation");
      admin(moongate, "GET", "/generations", "AdminGenerationList", null);
      admin(moongate, "GET", "/usage?group_by=day,project,key,model", "Usage", null);
      conforms(
          moongate.post(
              "/v1/images/generations?dry_run=true",
              "{\"model\":\"wan2.7-image\",\"prompt\":\"x\"}"),
          "DryRun");
      conforms(
          moongate.send(
              java.net.http.HttpRequest.newBuilder(
                      moongate.uri().resolve("/admin/v1/reconciliation?account=beijing"))
                  .header("Authorization", "Bearer " + moongate.key().text())
                  .POST(
                      java.net.http.HttpRequest.BodyPublishers.ofString(
                          "date,model,image_count\n2026-11-24,wan2.7-image,1\n"))),
          "Reconciliation");
      admin(moongate, "GET", "/generations/" + made, "AdminGeneration", null);
      conforms(moongate.admin("POST", "/keys", "{}"), "ErrorAnswer");
    }
  }

  @Test
  void answersInTheVendorsShapeAreToo() {
    try (TaskUpstream upstream = new TaskUpstream();
        MoongateHarness moongate =
            MoongateHarness.before(home, upstream.http().uri(), Mode.ASYNC)) {
      document = moongate.get("/openapi.json").json();
      DashScopeFace face = new DashScopeFace(moongate);
      String body = DashScopeFace.body("x", "{\"n\":2}");
      conforms(face.sync(body), "DashScopeAnswer");
      Answer begun = face.async(body);
      conforms(begun, "DashScopeTask");
      String id = begun.header("x-moongate-generation");
      face.await(id, "SUCCEEDED");
      conforms(moongate.get(DashScopeFace.TASKS + "/" + id), "DashScopeTask");
      conforms(moongate.get(DashScopeFace.TASKS + "/none"), "DashScopeTask");
      conforms(moongate.get(DashScopeFace.TASKS), "DashScopeTaskList");
      Answer refused = face.cancel(id);
      assertThat(refused.status()).isEqualTo(400);
      conforms(refused, "DashScopeError");
    }
  }

  @Test
  void everyRouteOfAnApiStandsInTheDocument() {
    try (MoongateHarness moongate = MoongateHarness.sandbox(home)) {
      document = moongate.get("/openapi.json").json();
      assertThat(
              new YAMLMapper()
                  .readTree(
                      new String(moongate.get("/openapi.yaml").bytes(), StandardCharsets.UTF_8)))
          .isEqualTo(document);
      List<String> documented = new ArrayList<>();
      for (var path : document.path("paths").properties()) {
        for (String method : path.getValue().propertyNames()) {
          documented.add(
              method.toUpperCase(Locale.ROOT) + " " + path.getKey().replaceAll("\\{\\w+}", "*"));
        }
      }
      List<String> served =
          moongate.routes().stream()
              .map(route -> route.method() + " " + route.path().replace("**", "*"))
              .filter(route -> !route.matches("GET /(|docs|docs/\\*|openapi.json|openapi.yaml)"))
              .toList();
      assertThat(documented).containsExactlyInAnyOrderElementsOf(served);
    }
  }

  /** Reads the document as it is shipped: clients are generated from it, and people read it. */
  @Test
  void everyOperationIsNamedAndHasExamplesThatAreWhatTheySay() throws IOException {
    try (InputStream in = OpenApiTest.class.getResourceAsStream("/openapi.json")) {
      document = JsonMapper.builder().build().readTree(in);
    }
    List<String> ids = new ArrayList<>();
    for (var path : document.path("paths").properties()) {
      for (var method : path.getValue().properties()) {
        JsonNode operation = method.getValue();
        String name = method.getKey() + " " + path.getKey();
        assertThat(operation.path("summary").asString("")).as(name).isNotBlank();
        assertThat(operation.path("tags")).as(name).hasSize(1);
        ids.add(operation.path("operationId").asString(""));
        exampled(name + " asks", operation.path("requestBody"));
        for (var answer : operation.path("responses").properties()) {
          exampled(name + " " + answer.getKey(), resolved(answer.getValue()));
        }
      }
    }
    assertThat(ids).doesNotHaveDuplicates().noneMatch(String::isBlank);
  }

  /**
   * What openapi-generator and its kind trip over: a response that cannot grow, and a default that
   * is sent unasked.
   */
  @Test
  void schemasLetAnswersGrowAndPutNothingIntoRequests() throws IOException {
    try (InputStream in = OpenApiTest.class.getResourceAsStream("/openapi.json")) {
      document = JsonMapper.builder().build().readTree(in);
    }
    for (var schema : document.at("/components/schemas").properties()) {
      String name = schema.getKey();
      assertThat(name).isNotEqualTo("Error");
      if (name.matches(
          "\\w*(Request|Form|Change|Rotation)|Input|Message|ContentItem|Swatch|EditImage"
              + "|DashScopeParameters")) {
        for (var member : schema.getValue().path("properties").properties()) {
          assertThat(member.getValue().has("default")).as(name + "." + member.getKey()).isFalse();
        }
      } else if (schema.getValue().path("type").asString("").equals("object")) {
        assertThat(schema.getValue().path("additionalProperties").asBoolean(false))
            .as(name)
            .isTrue();
      }
    }
  }

  @Test
  void requestsNameEveryMemberThatIsReadAndSayWhichAreIgnored() {
    try (MoongateHarness moongate = MoongateHarness.sandbox(home)) {
      document = moongate.get("/openapi.json").json();
      Set<String> read = new TreeSet<>(Set.of("model"));
      Set<String> ignored = new TreeSet<>();
      for (JsonNode model : moongate.get("/v1/models").json().path("data")) {
        model.path("parameters").forEach(member -> read.add(member.path("name").stringValue()));
        model.path("ignored").forEach(name -> ignored.add(name.stringValue()));
      }
      assertThat(ignored).isNotEmpty();
      assertThat(saidToBeIgnored("GenerateRequest")).containsExactlyInAnyOrderElementsOf(ignored);
      ignored.forEach(read::add);
      assertThat(members("GenerateRequest").propertyNames())
          .containsExactlyInAnyOrderElementsOf(read);
      ignored.add("input_fidelity");
      assertThat(saidToBeIgnored("EditRequest")).containsExactlyInAnyOrderElementsOf(ignored);
      assertThat(saidToBeIgnored("EditForm")).containsExactlyInAnyOrderElementsOf(ignored);
    }
  }

  private JsonNode members(String schema) {
    return document.at("/components/schemas/" + schema + "/properties");
  }

  private List<String> saidToBeIgnored(String schema) {
    return members(schema).properties().stream()
        .filter(member ->
            member.getValue().path("description").asString("").startsWith("Ignored with a warning"))
        .map(Map.Entry::getKey)
        .toList();
  }

  private JsonNode resolved(JsonNode response) {
    String reference = response.path("$ref").asString("");
    return reference.isEmpty() ? response : document.at(reference.substring(1));
  }

  private void exampled(String what, JsonNode message) {
    for (var content : message.path("content").properties()) {
      String type = content.getKey();
      String schema = content.getValue().at("/schema/$ref").asString("");
      List<JsonNode> examples = new ArrayList<>();
      content.getValue().path("examples").forEach(example -> examples.add(example.path("value")));
      if (content.getValue().has("example")) {
        examples.add(content.getValue().path("example"));
      }
      if (!type.startsWith("image/") && !type.equals("multipart/form-data")) {
        assertThat(examples).as(what + " " + type).isNotEmpty();
      }
      if (type.equals("application/json")) {
        examples.forEach(example -> conforms(example.toString(), schema.replaceFirst(".*/", "")));
      }
    }
  }

  private JsonNode admin(
      MoongateHarness moongate, String method, String path, String schema, String body) {
    Answer answer = moongate.admin(method, path, body);
    assertThat(answer.status()).as(path + answer.json()).isBetween(200, 201);
    conforms(answer, schema);
    return answer.json();
  }

  private static String id(JsonNode json) {
    return json.path("id").stringValue();
  }

  private void conforms(Answer answer, String schemaName) {
    conforms(new String(answer.bytes(), StandardCharsets.UTF_8), schemaName);
  }

  private void conforms(String json, String schemaName) {
    ObjectNode schema = (ObjectNode) document.deepCopy();
    schema.put("$ref", "#/components/schemas/" + schemaName);
    Schema validator =
        SchemaRegistry.withDialect(Dialects.getOpenApi30())
            .getSchema(JsonMapper.builder().build().writeValueAsString(schema), InputFormat.JSON);
    assertThat(validator.validate(json, InputFormat.JSON)).as(schemaName + ": " + json).isEmpty();
  }
}
