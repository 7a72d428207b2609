package dev.moongate.api.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.models.images.ImageGenerateParams;
import dev.moongate.testing.GatewayFixture;
import dev.moongate.testing.MoongateHarness.Answer;
import java.net.http.HttpRequest;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the clients that people already use need of an image API, found by driving them, as 39
 * numbered requirements: one test each, named by its number. Where this gateway decides otherwise,
 * the test says so, and docs/clients.md gives the reason.
 */
abstract class ClientRequirements extends GatewayFixture {
  static final String GENERATIONS = "/v1/images/generations";

  /** Generates with a prompt and these members, written with single quotes; must be let in. */
  Answer generated(String members) {
    Answer answer = moongate.generate(body(members));
    assertThat(answer.status()).as(members + ": " + answer.json()).isEqualTo(200);
    return answer;
  }

  /** A body with a prompt and these members, written with single quotes. */
  static String body(String members) {
    return quoted("{'model':'wan2.7-image-pro','prompt':'x'" + members + "}");
  }

  static String quoted(String single) {
    return single.replace('\'', '"');
  }

  /** What the provider was sent last. */
  JsonNode sent() {
    return JsonMapper.builder().build().readTree(upstream.tasks().getLast().body());
  }

  /** The names of what the provider was sent last, but the prompt. */
  List<String> sentNames() {
    return List.copyOf(sent().path("parameters").propertyNames());
  }

  /** A new key with these members, written with single quotes. */
  String key(String members) {
    Answer made = moongate.admin("POST", "/keys", quoted("{'name':'a client'" + members + "}"));
    assertThat(made.status()).as(members + ": " + made.json()).isEqualTo(201);
    return made.json().path("key").stringValue();
  }

  Answer generateAs(String key, String members) {
    return moongate.call(key, "POST", GENERATIONS, body(members));
  }

  /** A POST of a generation for a test to add to. */
  HttpRequest.Builder post(String members) {
    return post().POST(HttpRequest.BodyPublishers.ofString(body(members)));
  }

  /** The same without a body yet. */
  HttpRequest.Builder post() {
    return HttpRequest.newBuilder(moongate.uri().resolve(GENERATIONS))
        .header("Authorization", "Bearer " + moongate.key().text())
        .header("Content-Type", "application/json");
  }

  /** The official OpenAI SDK for Java, with this gateway behind it. */
  OpenAIOkHttpClient.Builder openAi() {
    return OpenAIOkHttpClient.builder()
        .baseUrl(moongate.uri() + "/v1")
        .apiKey(moongate.key().text())
        .maxRetries(0);
  }

  static ImageGenerateParams.Builder params() {
    return ImageGenerateParams.builder().model("wan2.7-image-pro").prompt("x");
  }

  static List<String> warned(Answer answer) {
    return answer.json().path("warnings").findValuesAsString("param");
  }
}
