package dev.moongate.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moongate.http.Access;
import dev.moongate.http.Route;
import dev.moongate.image.ImageFormat;
import dev.moongate.testing.MoongateHarness;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What the OpenAPI document leads the makers of clients to expect is what they will meet. */
@Timeout(120)
class OpenApiPromisesTest {
  @TempDir private static Path home;
  private static MoongateHarness moongate;
  private static JsonNode document;

  @BeforeAll
  static void start() {
    moongate = MoongateHarness.sandbox(home);
    document = moongate.get("/openapi.json").json();
  }

  @AfterAll
  static void stop() {
    moongate.close();
  }

  /** By method and path, with stars for what stands in braces. */
  private static Map<String, JsonNode> operations() {
    Map<String, JsonNode> operations = new HashMap<>();
    for (var path : document.path("paths").properties()) {
      for (var method : path.getValue().properties()) {
        operations.put(
            method.getKey().toUpperCase(Locale.ROOT)
                + " "
                + path.getKey().replaceAll("\\{\\w+}", "*"),
            method.getValue());
      }
    }
    return operations;
  }

  @Test
  void whoMayCallDecidesWhichRefusalsAreDocumented() {
    Map<String, JsonNode> operations = operations();
    List<Route> closed =
        moongate.routes().stream().filter(route -> route.access() != Access.PUBLIC).toList();
    assertThat(closed).hasSizeGreaterThan(30);
    for (Route route : closed) {
      String name = route.method() + " " + route.path().replace("**", "*");
      assertThat(operations).containsKey(name);
      assertThat(operations.get(name).path("responses").propertyNames())
          .as(name)
          .contains("401", "429", "500");
      if (route.access() != Access.READ_ONLY) {
        assertThat(operations.get(name).path("responses").propertyNames()).as(name).contains("403");
      }
    }
  }

  @Test
  void waitingIsDocumentedWithWhatMayComeOfIt() {
    Map<String, JsonNode> operations = operations();
    for (String name : List.of("POST /v1/images/generations", "POST /v1/images/edits")) {
      assertThat(operations.get(name).path("responses").propertyNames())
          .as(name)
          .contains("202", "410", "503", "504");
    }
    assertThat(operations.get("GET /v1/images/generations/*").path("responses").propertyNames())
        .contains("503");
    assertThat(operations.get("GET /images/*.*").path("responses").propertyNames())
        .contains("500", "503");
  }

  /** A generated client reads every 200 of an operation as the same thing. */
  @Test
  void dryRunIsToldOfAndIsNoParameterOfWhatAnswersWithPictures() {
    int told = 0;
    for (var operation : operations().entrySet()) {
      JsonNode answer =
          operation.getValue().at("/responses/200/content/application~1json/schema/$ref");
      if (answer.asString("").endsWith("/ImagesAnswer")) {
        assertThat(operation.getValue().path("parameters").findValuesAsString("name"))
            .as(operation.getKey())
            .doesNotContain("dry_run");
        assertThat(operation.getValue().path("description").asString(""))
            .contains("?dry_run=true", "DryRun");
        told++;
      }
    }
    assertThat(told).isEqualTo(2);
    assertThat(document.at("/components/schemas/DryRun").isObject()).isTrue();
  }

  @Test
  void pictureIsDocumentedInEveryFormatThatIsServed() {
    JsonNode responses = operations().get("GET /images/*.*").path("responses");
    for (String status : List.of("200", "206")) {
      assertThat(responses.path(status).path("content").propertyNames())
          .containsExactlyInAnyOrderElementsOf(
              Arrays.stream(ImageFormat.values()).map(ImageFormat::mediaType).toList());
    }
  }

  @Test
  void everyWayToSendAKeyIsDocumentedAndWorks() {
    List<String> headers = new ArrayList<>();
    for (var scheme : document.at("/components/securitySchemes").properties()) {
      boolean bearer = scheme.getValue().path("type").asString("").equals("http");
      String header = bearer ? "Authorization" : scheme.getValue().path("name").stringValue();
      headers.add(header);
      assertThat(
              moongate
                  .send(
                      HttpRequest.newBuilder(moongate.uri().resolve("/v1/models"))
                          .header(header, (bearer ? "Bearer " : "") + moongate.key().text()))
                  .status())
          .as(header)
          .isEqualTo(200);
      assertThat(document.path("security").findValues(scheme.getKey())).hasSize(1);
    }
    assertThat(headers).containsExactlyInAnyOrder("Authorization", "api-key", "x-api-key");
  }

  @Test
  void wrongTypeOfAnEditsBodyIsDocumentedInTheWordsOfTheRefusal() {
    String documented =
        operations()
            .get("POST /v1/images/edits")
            .at("/responses/415/content/application~1json/example/error/message")
            .stringValue();
    assertThat(
            moongate
                .send(
                    HttpRequest.newBuilder(moongate.uri().resolve("/v1/images/edits"))
                        .header("Authorization", "Bearer " + moongate.key().text())
                        .POST(HttpRequest.BodyPublishers.ofString("x")))
                .json()
                .at("/error/message")
                .stringValue())
        .isEqualTo(documented);
  }
}
