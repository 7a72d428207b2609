package dev.moongate.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moongate.testing.MoongateHarness.Answer;
import dev.moongate.testing.RawClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Who comes to a wrong address, with a wrong method or a wrong header, is told the right one. */
class WrongTurnsTest extends RefusalFixture {
  private static final String EXAMPLE =
      "POST /v1/images/generations with Content-Type: application/json and the body"
          + " {\"model\":\"wan2.7-image-pro\",\"prompt\":\"a flower shop\"}";

  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  @ParameterizedTest
  @CsvSource({
    "POST, /images/generations, POST /v1/images/generations",
    "POST, /v1/v1/images/generations, POST /v1/images/generations",
    "POST, /v1v1/images/generations, POST /v1/images/generations",
    "POST, /v1//images/generations, POST /v1/images/generations",
    "POST, //v1/images/generations, POST /v1/images/generations",
    "POST, /v1/images/generations/, POST /v1/images/generations",
    "POST, /V1/Images/Generations, POST /v1/images/generations",
    "POST, /api/v1/images/generations, POST /v1/images/generations",
    "POST, /openai/v1/images/generations, POST /v1/images/generations",
    "POST, /v1/image/generations, POST /v1/images/generations",
    "POST, /v1/images/generate, POST /v1/images/generations",
    "POST, /v1/images, POST /v1/images/generations",
    "POST, /generate, POST /v1/images/generations",
    "PUT, /v1/v1/images/generations, GET or POST /v1/images/generations",
    "GET, /images/generations/gen_1, GET /v1/images/generations/gen_1",
    "POST, /images/generations/gen_1/cancel/, POST /v1/images/generations/gen_1/cancel",
    "GET, /models, GET /v1/models",
    "GET, /v1/models/, GET /v1/models",
    "GET, /v1/v1/models/wan2.7-image, GET /v1/models/wan2.7-image",
    "GET, /v1/admin/keys, GET /admin/v1/keys",
    "GET, /admin/keys/, GET /admin/v1/keys",
    "GET, /healthz/, GET /healthz",
  })
  void theRightWayIsNamed(String method, String path, String right) {
    assertThat(refused(method, path, "404 not_found"))
        .startsWith("There is nothing at " + method + " " + path + ": " + right + " is meant")
        .contains(EXAMPLE);
  }

  @Test
  void azuresAddressesAreToldThatTheModelIsNamedInTheBody() {
    assertThat(refused("POST", "/openai/deployments/wan/images/generations", "404 not_found"))
        .contains("POST /v1/images/generations is meant", "the model is named in the body");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/chat/completions",
        "/chat/completions",
        "/v1/responses",
        "/v1/embeddings",
        "/v1/messages",
        "/v1/audio/speech",
        "/v1/files"
      })
  void otherEndpointsOfOpenAiAreToldWhatThisIs(String path) {
    assertThat(refused("POST", path, "404 not_found"))
        .startsWith("There is nothing at POST " + path + ": Moongate makes pictures")
        .contains(EXAMPLE);
  }

  @Test
  void neighboursAreToldWhereTheirInputGoes() {
    assertThat(refused("POST", "/v1/images/variations", "404 not_found"))
        .contains("send it to POST /v1/images/edits");
  }

  @Test
  void anythingElseIsToldWhereToRead() {
    assertThat(refused("GET", "/nowhere/at/all", "404 not_found"))
        .startsWith("There is nothing at GET /nowhere/at/all: GET /docs lists what there is")
        .contains(EXAMPLE);
  }

  @Test
  void wrongMethodIsToldTheRightOne() {
    assertThat(refused("PUT", "/v1/images/generations", "405 method_not_allowed"))
        .isEqualTo(
            "PUT is not possible at /v1/images/generations; use GET or POST; for example "
                + EXAMPLE);
    assertThat(refused("PATCH", "/v1/models", "405 method_not_allowed"))
        .isEqualTo("PATCH is not possible at /v1/models; use GET");
    assertThat(moongate.call(moongate.key().text(), "PUT", "/v1/models", "{}").header("allow"))
        .isEqualTo("GET");
  }

  @Test
  void browsersPreflightIsToldWhichSettingLetsItIn() {
    assertThat(refused("OPTIONS", "/v1/images/generations", "405 method_not_allowed"))
        .contains("cors: { origins: [...] }");
  }

  @Test
  void whatCurlSendsByItselfIsToldWhichHeaderIsMissing() {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(moongate.uri().resolve("/v1/images/generations"))
            .header("Authorization", "Bearer " + moongate.key().text())
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString("{\"model\":\"wan2.7-image\",\"prompt\":\"x\"}"));
    assertThat(message(moongate.send(request), "415 unsupported_media_type"))
        .contains("curl -d", "-H 'Content-Type: application/json'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"api-key", "Api-Key", "x-api-key", "X-API-Key"})
  void otherApisHeadersForTheKeyWork(String header) {
    Answer answer =
        moongate.send(
            HttpRequest.newBuilder(moongate.uri().resolve("/v1/models"))
                .header(header, moongate.key().text()));
    assertThat(answer.status()).isEqualTo(200);
  }

  @Test
  void twoKeysInOneRequestAreNotChosenFrom() {
    String key = moongate.key().text();
    Answer answer =
        moongate.send(
            HttpRequest.newBuilder(moongate.uri().resolve("/v1/models"))
                .header("api-key", key)
                .header("x-api-key", key));
    assertThat(answer.error()).isEqualTo("401 invalid_api_key");
  }

  @ParameterizedTest
  @CsvSource({
    "512x512, 768x768",
    "256x256, 768x768",
    "640x480, 887x666",
    "480x640, 666x887",
    "800x100, 2173x272"
  })
  void sizeThatIsTooSmallIsToldTheSmallestOfItsShape(String size, String smallest) {
    Answer answer = moongate.generate(asking(size));
    assertThat(message(answer, "400 invalid_value"))
        .contains("the smallest of this shape is " + smallest);
    assertThat(answer.param()).isEqualTo("size");
    assertThat(moongate.post("/v1/images/generations?dry_run=true", asking(smallest)).status())
        .isEqualTo(200);
  }

  private static String asking(String size) {
    return "{\"model\":\"wan2.7-image\",\"prompt\":\"x\",\"size\":\"%s\"}".formatted(size);
  }

  /** Not by java.net.http, which has a mind of its own about some of these paths and methods. */
  private static String refused(String method, String path, String error) {
    try (RawClient client = new RawClient(moongate.port()).reading()) {
      String[] answer =
          client
              .head(method + " " + path + " HTTP/1.1|Host: localhost|Connection: close")
              .whole()
              .split("\r\n\r\n", 2);
      assertThat(answer[0])
          .startsWith("HTTP/1.1 " + error.substring(0, 3))
          .contains(
              "Content-Type: application/json", "x-should-retry: false", "x-request-id: req_");
      JsonNode envelope = MAPPER.readTree(answer[1]).path("error");
      assertThat(envelope.propertyNames()).containsExactly("message", "type", "param", "code");
      assertThat(envelope.path("code").stringValue()).isEqualTo(error.substring(4));
      return envelope.path("message").stringValue();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String message(Answer answer, String error) {
    assertThat(answer.error()).isEqualTo(error);
    return answer.json().at("/error/message").stringValue();
  }
}
