package dev.moongate.api;

import static dev.moongate.testing.DashScopeFace.ASYNC;
import static dev.moongate.testing.DashScopeFace.SYNC;
import static dev.moongate.testing.DashScopeFace.TASKS;
import static dev.moongate.testing.DashScopeFace.body;
import static org.assertj.core.api.Assertions.assertThat;

import dev.moongate.generation.GenerationRows;
import dev.moongate.testing.DashScopeFace;
import dev.moongate.testing.MoongateHarness;
import dev.moongate.testing.MoongateHarness.Answer;
import dev.moongate.testing.Pictures;
import dev.moongate.testing.RawClient;
import dev.moongate.testing.SandboxJournal;
import dev.moongate.testing.Seam;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the DashScope-native face refuses, and that it does so in the vendor's shape, always. */
@Timeout(300)
class DashScopeRefusalTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @TempDir private static Path home;
  private static MoongateHarness moongate;
  private static DashScopeFace face;

  @BeforeAll
  static void start() {
    moongate = MoongateHarness.sandbox(home);
    face = new DashScopeFace(moongate);
  }

  @AfterAll
  static void stop() throws IOException {
    moongate.close();
    assertThat(SandboxJournal.submits(home.resolve("sandbox"))).as("what reached it").isEmpty();
  }

  /** The message of a refusal, which has the vendor's three members and nothing else. */
  private static String refusal(Answer answer, String error) {
    assertThat(answer.error()).isEqualTo(error);
    JsonNode json = answer.json();
    assertThat(json.propertyNames()).containsExactly("request_id", "code", "message");
    assertThat(json.path("request_id").stringValue()).isEqualTo(answer.header("x-request-id"));
    assertThat(answer.header("x-should-retry")).isNotNull();
    assertThat(answer.header("content-type")).isEqualTo("application/json");
    return json.path("message").stringValue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"size\":\"100*100\"} | parameters.size",
        "{\"size\":\"huge\"} | parameters.size",
        "{\"size\":7} | parameters.size",
        "{\"n\":5} | parameters.n",
        "{\"n\":0} | parameters.n",
        "{\"n\":\"2\"} | parameters.n",
        "{\"n\":13,\"enable_sequential\":true} | parameters.n",
        "{\"seed\":-1} | parameters.seed",
        "{\"watermark\":\"no\"} | parameters.watermark",
        "{\"thinking_mode\":\"true\"} | parameters.thinking_mode",
        "{\"color_palette\":[{\"hex\":\"#12345\",\"ratio\":\"1.00%\"}]} | parameters.color_palette[0].hex",
        "{\"color_palette\":[]} | parameters.color_palette",
        "{\"bbox_list\":[[[0,0,1,1]]]} | parameters.bbox_list",
        "{\"bbox_list\":[[[0,0,1]]]} | parameters.bbox_list[0][0]",
        "{\"negative_prompt\":\"x\"} | parameters.negative_prompt",
        "{\"prompt_extend\":false} | parameters.prompt_extend",
        "{\"max_images\":2} | parameters.max_images",
        "{\"response_format\":\"b64_json\"} | parameters.response_format",
        "{\"quality\":\"high\"} | parameters.quality",
        "{\"watermarks\":true} | did you mean watermark",
        "{\"enable_search\":true} | parameters.enable_search",
        "{\"enable_interleave\":true} | parameters.enable_interleave",
        "{\"stream\":true} | parameters.stream",
        "{\"stream\":1} | parameters.stream",
        "[] | parameters",
      })
  void parameterIsRefusedByItsPath(String parameters, String named) {
    String message = refusal(face.sync(body("x", parameters)), "400 InvalidParameter");
    if (named.startsWith("parameters")) {
      assertThat(message).startsWith(named);
    } else {
      assertThat(message).startsWith("parameters.").contains(named);
    }
    assertThat(refusal(face.async(body("x", parameters)), "400 InvalidParameter"))
        .isEqualTo(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"dry_run=true", "Dry-Run=1", "dry_run", "api-version=1"})
  void queryIsRefusedByNameBecauseItMayAskForADryRun(String query) {
    String name = query.replaceFirst("=.*", "");
    String message =
        refusal(face.post(SYNC + "?" + query, body("x", "{}")), "400 InvalidParameter");
    assertThat(message).contains(name, "/v1/images/generations?dry_run=true");
    assertThat(
            refusal(
                face.post(ASYNC + "?" + query, body("x", "{}"), "X-DashScope-Async", "enable"),
                "400 InvalidParameter"))
        .isEqualTo(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"model\":\"wan2.7-image\"} | input",
        "{\"input\":{\"messages\":[]}} | model",
        "{\"model\":\"wan2.7-image\",\"prompt\":\"x\"} | prompt",
        "{\"model\":\"wan2.7-image\",\"size\":\"1K\"} | size",
        "{\"model\":\"wan2.7-image\",\"input\":\"x\"} | input",
        "{\"model\":\"wan2.7-image\",\"input\":{\"prompt\":\"x\"}} | input.prompt",
        "{\"model\":\"wan2.7-image\",\"input\":{\"messages\":[]}} | input.messages",
        "{\"model\":\"wan2.7-image\",\"input\":{\"messages\":[{\"role\":\"system\",\"content\":[]}]}} | input.messages[0].role",
        "{\"model\":\"wan2.7-image\",\"input\":{\"messages\":[{\"role\":\"user\",\"content\":[{\"text\":\"\"}]}]}} | input.messages[0].content[0].text",
        "{\"model\":1} | model",
        "{ | line 1",
        "[] | object",
        "{\"model\":\"a\",\"model\":\"b\"} | model",
      })
  void bodyIsRefusedByTheMemberThatIsWrong(String body, String named) {
    assertThat(refusal(face.sync(body), "400 InvalidParameter")).contains(named);
  }

  @Test
  void unknownModelIsTheVendorsModelNotFound() {
    String body = body("x", "{}").replace("wan2.7-image-pro", "wan9");
    assertThat(refusal(face.sync(body), "404 ModelNotFound")).contains("wan9");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"oss://bucket/a.png", "http://127.0.0.1/a.png", "file:///etc/passwd", "a.png"})
  void pictureThatNobodyCanFetchIsRefusedByItsPlace(String url) {
    assertThat(refusal(face.sync(withPicture(url)), "400 InvalidURL"))
        .contains("input.messages[0].content[1].image");
  }

  @Test
  void pictureWithTransparencyIsRefusedByItsPlace() {
    String url =
        "data:image/png;base64," + Base64.getEncoder().encodeToString(Pictures.alphaPng(300, 300));
    assertThat(refusal(face.sync(withPicture(url)), "400 InvalidParameter"))
        .contains("input.messages[0].content[1].image", "transparency");
  }

  private static String withPicture(String url) {
    return body("x", "{}")
        .replace("{\"text\":\"x\"}", "{\"text\":\"x\"},{\"image\":\"" + url + "\"}");
  }

  @Test
  void callOfTheWrongKindIsDeniedAsTheVendorDenies() {
    String body = body("x", "{}");
    assertThat(refusal(face.post(ASYNC, body), "403 AccessDenied"))
        .contains("does not support synchronous calls", SYNC);
    assertThat(refusal(face.sync(body, "X-DashScope-Async", "enable"), "403 AccessDenied"))
        .contains("does not support asynchronous calls", ASYNC);
  }

  @ParameterizedTest
  @CsvSource({"X-DashScope-SSE, enable", "X-DashScope-EncryptionKey, {}"})
  void headerThatAsksForWhatCannotBeHadIsRefusedByName(String header, String value) {
    assertThat(refusal(face.sync(body("x", "{}"), header, value), "400 InvalidParameter"))
        .contains(header);
  }

  @ParameterizedTest
  @ValueSource(strings = {"text2image", "image2image"})
  void addressOfTheOlderModelsNamesTheRightOnes(String old) {
    Answer answer = face.post("/api/v1/services/aigc/" + old + "/image-synthesis", "{}");
    assertThat(refusal(answer, "400 InvalidParameter"))
        .contains("url error, check url!", SYNC, ASYNC);
  }

  @ParameterizedTest
  @CsvSource({
    "POST, /api/v1/services/aigc/video-generation/video-synthesis, 404 NotFound, /docs/dashscope-native.md",
    "GET, /api/v1/uploads?action=getPolicy, 404 NotFound, data URL",
    "GET, /api/v1, 404 NotFound, /docs/dashscope-native.md",
    "POST, /services/aigc/multimodal-generation/generation, 404 NotFound, ends in /api/v1",
    "POST, /v1/services/aigc/multimodal-generation/generation, 404 NotFound, ends in /api/v1",
    "GET, /api/v1/services/aigc/multimodal-generation/generation, 405 InvalidParameter, POST",
    "DELETE, /api/v1/tasks/x, 405 InvalidParameter, GET",
    "GET, /api/v1/tasks/x?wait=1, 400 InvalidParameter, wait",
  })
  void addressThatIsNoneIsRefusedInTheSameShape(
      String method, String path, String error, String named) {
    Answer answer = moongate.call(moongate.key().text(), method, path, null);
    assertThat(refusal(answer, error)).contains(named).doesNotContain("/v1/images");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Bearer moongate_wrong", "Basic x", "moongate_wrong"})
  void wrongKeyIsTheVendorsInvalidApiKey(String header) {
    Answer answer =
        moongate.send(
            HttpRequest.newBuilder(moongate.uri().resolve(TASKS)).header("Authorization", header));
    refusal(answer, "401 InvalidApiKey");
    assertThat(answer.header("www-authenticate")).isEqualTo("Bearer");
  }

  @Test
  void bodyThatIsTooLargeOrNoJsonIsRefusedInTheSameShape() {
    refusal(ofTooLarge(), "400 BadRequest.TooLarge");
    Answer form =
        moongate.send(
            HttpRequest.newBuilder(moongate.uri().resolve(SYNC))
                .header("Authorization", "Bearer " + moongate.key().text())
                .header("Content-Type", "text/plain")
                .POST(HttpRequest.BodyPublishers.ofString("x")));
    assertThat(refusal(form, "400 InvalidParameter")).contains("application/json");
  }

  /** The gateway takes what comes for two seconds, and a slow machine may stand still for them. */
  private static Answer ofTooLarge() {
    String body = "x".repeat(33 << 20);
    for (int tries = 1; ; tries++) {
      try {
        return face.sync(body);
      } catch (UncheckedIOException e) {
        assertThat(tries).as("connections that broke").isLessThan(5);
      }
    }
  }

  @Test
  void brokenHttpIsRefusedInTheSameShape() throws IOException {
    try (RawClient client = new RawClient(moongate.port()).reading()) {
      client.head("GET /api/v1/tasks HTTP/1.1|Host: x|X-Long: " + "a".repeat(20_000));
      String answer = client.whole();
      assertThat(answer).startsWith("HTTP/1.1 431");
      JsonNode json = JSON.readTree(answer.substring(answer.indexOf("\r\n\r\n") + 4));
      assertThat(json.propertyNames()).containsExactly("request_id", "code", "message");
      assertThat(answer).contains("x-request-id: " + json.path("request_id").stringValue());
    }
  }

  @Test
  void mistakeOfTheGatewaysOwnTellsNothingInTheSameShape(@TempDir Path other) {
    UnaryOperator<GenerationRows> broken =
        rows ->
            Seam.around(
                GenerationRows.class,
                rows,
                "find",
                (_, _) -> {
                  throw new IllegalStateException("a secret");
                });
    try (MoongateHarness seamed =
        MoongateHarness.seamed(
            other, List.of(), Clock.systemUTC(), broken, UnaryOperator.identity())) {
      assertThat(refusal(seamed.get(TASKS + "/x"), "500 InternalError")).doesNotContain("secret");
    }
  }

  @Test
  void everywhereElseRefusalsHaveTheEnvelope() {
    assertThat(moongate.get("/api/v2/tasks").json().path("error").path("code").stringValue())
        .isEqualTo("not_found");
    assertThat(moongate.get("/api/v10").json().has("error")).isTrue();
  }
}
