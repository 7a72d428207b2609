package dev.moongate.api;

import static dev.moongate.testing.DashScopeScripts.ASYNC;
import static dev.moongate.testing.DashScopeScripts.delivering;
import static dev.moongate.testing.DashScopeScripts.png;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.moongate.auth.Key;
import dev.moongate.provider.ImageProvider.Mode;
import dev.moongate.settings.MoongateSettings;
import dev.moongate.settings.MoongateSettings.AliasSettings;
import dev.moongate.settings.SettingsException;
import dev.moongate.testing.MoongateHarness;
import dev.moongate.testing.MoongateHarness.Answer;
import dev.moongate.testing.SettingsBuilder;
import dev.moongate.testing.StandInUpstream;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Another name for a model, with values for what a request does not say. */
@Timeout(300)
class AliasTest {
  private static final String PRO = "wan2.7-image-pro";

  @TempDir private Path home;
  private final StandInUpstream upstream = delivering(new StandInUpstream(), png(10, 10, 1));
  private MoongateHarness moongate;

  @AfterEach
  void stop() {
    if (moongate != null) {
      moongate.close();
    }
    upstream.close();
  }

  @Test
  void requestUnderTheOtherNameGetsTheAliasValuesWhereItSaysNothing() {
    start(
        "gpt-image-1",
        Map.of("size", "1K", "watermark", "true", "n", "2", "response_format", "b64_json"));
    Answer answer =
        moongate.generate(
            "{\"model\":\"gpt-image-1\",\"prompt\":\"x\",\"size\":null,\"quality\":\"auto\"}");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().at("/data/0").propertyNames()).containsExactly("b64_json");
    JsonNode sent = sent();
    assertThat(sent.path("model").stringValue()).isEqualTo(PRO);
    assertThat(sent.path("parameters"))
        .isEqualTo(json("{\"size\":\"1K\",\"n\":2,\"watermark\":true}"));
  }

  @Test
  void anAliasThatSaysUrlIsNotInTheWayOfAStream() {
    start("gpt-image-1", Map.of("response_format", "url"));
    Answer answer =
        moongate.generate("{\"model\":\"gpt-image-1\",\"prompt\":\"x\",\"stream\":true}");
    assertThat(answer.header("content-type")).isEqualTo("text/event-stream");
    assertThat(answer.status()).isEqualTo(200);
  }

  @Test
  void editsKnowTheOtherNameToo() {
    start("gpt-image-1", Map.of("size", "1K", "watermark", "true"));
    Answer answer =
        moongate.post(
            "/v1/images/edits",
            """
            {"model":"gpt-image-1","prompt":"x","images":[{"image_url":"https://a.example.com/a.png"}]}
            """);
    assertThat(answer.status()).as(answer.json().toString()).isEqualTo(200);
    assertThat(sent().path("model").stringValue()).isEqualTo(PRO);
    assertThat(sent().path("parameters"))
        .isEqualTo(json("{\"size\":\"1K\",\"n\":1,\"watermark\":true}"));
  }

  @Test
  void theFaceOfTheProviderKnowsTheOtherNameToo() {
    start("gpt-image-1", Map.of("size", "1K", "watermark", "true"));
    Answer answer =
        moongate.post(
            "/api/v1/services/aigc/multimodal-generation/generation",
            """
            {"model":"gpt-image-1","input":{"messages":[{"role":"user","content":[{"text":"x"}]}]},
             "parameters":{"watermark":false}}
            """);
    assertThat(answer.status()).as(answer.json().toString()).isEqualTo(200);
    assertThat(sent().path("model").stringValue()).isEqualTo(PRO);
    assertThat(sent().path("parameters"))
        .isEqualTo(json("{\"size\":\"1K\",\"n\":1,\"watermark\":false}"));
  }

  @Test
  void whatTheRequestSaysHoldsEvenIfItIsFalse() {
    start("gpt-image-1", Map.of("size", "1K", "watermark", "true", "response_format", "b64_json"));
    Answer answer =
        moongate.generate(
            """
            {"model":"gpt-image-1","prompt":"x","size":"2K","watermark":false,"response_format":"url"}
            """);
    assertThat(answer.json().at("/data/0").propertyNames()).containsExactly("url");
    assertThat(sent().path("parameters"))
        .isEqualTo(json("{\"size\":\"2K\",\"n\":1,\"watermark\":false}"));
  }

  @Test
  void generationAndUsageAndPriceAreTheModels() {
    start("gpt-image-1", Map.of());
    Answer made = moongate.generate("{\"model\":\"gpt-image-1\",\"prompt\":\"x\"}");
    assertThat(made.header("x-moongate-cost")).isEqualTo("0.5 CNY");
    assertThat(
            moongate
                .get("/v1/images/generations/" + made.header("x-moongate-generation"))
                .json()
                .path("model")
                .stringValue())
        .isEqualTo(PRO);
    assertThat(moongate.admin("GET", "/usage?group_by=model", null).json().at("/data/0/model"))
        .hasToString("\"" + PRO + "\"");
  }

  @Test
  void modelsListTheAliasWithWhatItStandsFor() {
    start("gpt-image-1", Map.of("n", "2"));
    JsonNode list = moongate.get("/v1/models").json().path("data");
    assertThat(list.valueStream().map(model -> model.path("id").stringValue()))
        .containsExactly(PRO, "wan2.7-image", "gpt-image-1");
    JsonNode alias = moongate.get("/v1/models/gpt-image-1").json();
    assertThat(alias).isEqualTo(list.get(2));
    assertThat(alias.path("alias_of").stringValue()).isEqualTo(PRO);
    assertThat(alias.path("price")).isEqualTo(list.get(0).path("price"));
    JsonNode n = parameter(alias, "n");
    assertThat(n.path("default").intValue()).isEqualTo(2);
    assertThat(n.at("/variants/1/default").intValue()).isEqualTo(2);
    assertThat(list.get(0).has("alias_of")).isFalse();
  }

  @Test
  void parametersOfAnAliasAreThoseUnderTheConditionThatItsValuesMake() {
    start("comic", Map.of("enable_sequential", "true"));
    JsonNode alias = moongate.get("/v1/models/comic").json();
    JsonNode n = parameter(alias, "n");
    assertThat(n.path("default").intValue()).isEqualTo(12);
    assertThat(n.path("maximum").intValue()).isEqualTo(12);
    assertThat(parameter(alias, "size").path("choices")).isEqualTo(json("[\"1K\",\"2K\"]"));
    moongate.generate("{\"model\":\"comic\",\"prompt\":\"x\"}");
    assertThat(sent().at("/parameters/n")).isEqualTo(n.path("default"));
    assertThat(moongate.generate("{\"model\":\"comic\",\"prompt\":\"x\",\"size\":\"4K\"}").error())
        .isEqualTo("400 invalid_value");
    JsonNode model = moongate.get("/v1/models/" + PRO).json();
    assertThat(parameter(model, "n").path("default").intValue()).isEqualTo(1);
    assertThat(parameter(model, "size").path("choices")).isEqualTo(json("[\"1K\",\"2K\",\"4K\"]"));
  }

  @Test
  void valueOfAnAliasGoesBeforeWhatItsConditionSays() {
    start("comic", Map.of("enable_sequential", "true", "n", "6", "size", "1K"));
    JsonNode alias = moongate.get("/v1/models/comic").json();
    assertThat(parameter(alias, "n").path("default").intValue()).isEqualTo(6);
    assertThat(parameter(alias, "n").path("maximum").intValue()).isEqualTo(12);
    assertThat(parameter(alias, "size").path("default").stringValue()).isEqualTo("1K");
  }

  private static JsonNode parameter(JsonNode model, String name) {
    return model
        .path("parameters")
        .valueStream()
        .filter(parameter -> parameter.path("name").stringValue().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(strings = {"openai/gpt-image:1", "openai%2Fgpt-image%3A1", "openai%2fgpt-image:1"})
  void nameWithASlashAndAColonIsFoundEncodedOrNot(String path) {
    start("openai/gpt-image:1", Map.of());
    Answer answer = moongate.get("/v1/models/" + path);
    assertThat(answer.json().path("id").stringValue()).isEqualTo("openai/gpt-image:1");
    assertThat(moongate.generate("{\"model\":\"openai/gpt-image:1\",\"prompt\":\"x\"}").status())
        .isEqualTo(200);
  }

  @Test
  void keyMayUseAnAliasIfItMayUseTheModel() {
    start("gpt-image-1", Map.of());
    String other = key("[\"wan2.7-image\"]");
    Answer refused = ask(other);
    assertThat(refused.error()).isEqualTo("403 model_not_allowed");
    assertThat(
            moongate
                .call(other, "GET", "/v1/models", null)
                .json()
                .path("data")
                .valueStream()
                .map(model -> model.path("id").stringValue()))
        .containsExactly("wan2.7-image");
    assertThat(ask(key("[\"wan2.7-image-pro\"]")).status()).isEqualTo(200);
    Answer named = moongate.admin("POST", "/keys", "{\"name\":\"b\",\"models\":[\"gpt-image-1\"]}");
    assertThat(named.error()).isEqualTo("400 invalid_value");
    assertThat(named.json().at("/error/message").stringValue())
        .startsWith("gpt-image-1 is an alias of wan2.7-image-pro");
  }

  @Test
  void refusalOfAValueThatTheRequestDoesNotSaySaysWhereItComesFrom() {
    start("big", Map.of("size", "4K"));
    Answer answer =
        moongate.generate("{\"model\":\"big\",\"prompt\":\"x\",\"enable_sequential\":true}");
    assertThat(answer.error()).isEqualTo("400 invalid_value");
    assertThat(answer.param()).isEqualTo("size");
    assertThat(answer.json().at("/error/message").stringValue())
        .contains("size 4K is not possible")
        .endsWith("the request does not say size, and the alias big stands for \"4K\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "wan2.7-image | wan2.7-image-pro | size | 2K | aliases.wan2.7-image is the name of a model already",
        "a | dall-e-3 | size | 2K | aliases.a.model names dall-e-3, which is no model of the catalogue; there is: wan2.7-image-pro, wan2.7-image",
        "a | wan2.7-image | size | 4K | aliases.a.defaults.size: size 4K is not possible for wan2.7-image",
        "a | wan2.7-image | size | huge | aliases.a.defaults.size: size is \"huge\"",
        "a | wan2.7-image | n | 5 | aliases.a.defaults.n: n is 5",
        "a | wan2.7-image | n | many | aliases.a.defaults.n: n is the text \"many\"; it must be a whole number",
        "a | wan2.7-image | watermark | yes | aliases.a.defaults.watermark: watermark is the text \"yes\"; it must be true or false",
        "a | wan2.7-image | seed | -1 | aliases.a.defaults.seed: seed is -1",
        "a | wan2.7-image | response_format | png | aliases.a.defaults.response_format: response_format is png",
      })
  void aliasThatCannotBeStopsTheStart(
      String name, String model, String member, String value, String problem) {
    SettingsException e =
        catchThrowableOfType(
            SettingsException.class,
            () ->
                start(
                    Map.of(
                        name,
                        new AliasSettings(model, Map.of(member, value)),
                        "fine",
                        new AliasSettings(PRO, Map.of()))));
    assertThat(e.problems()).singleElement().asString().startsWith(problem);
  }

  @Test
  void allThatIsWrongIsToldAtOnce() {
    Map<String, AliasSettings> aliases = new LinkedHashMap<>();
    aliases.put("a", new AliasSettings(PRO, Map.of("n", "5", "size", "x")));
    aliases.put("b", new AliasSettings("c", Map.of()));
    SettingsException e = catchThrowableOfType(SettingsException.class, () -> start(aliases));
    assertThat(e.problems()).hasSize(3);
  }

  private void start(String name, Map<String, String> defaults) {
    start(Map.of(name, new AliasSettings(PRO, defaults)));
  }

  private void start(Map<String, AliasSettings> aliases) {
    Key key = Key.generate(new SecureRandom());
    MoongateSettings usual =
        MoongateHarness.settings(
            home, List.of(MoongateHarness.account(upstream.uri(), Mode.ASYNC)), key);
    moongate = MoongateHarness.start(SettingsBuilder.from(usual).aliases(aliases).build(), key);
  }

  private String key(String models) {
    return moongate
        .admin("POST", "/keys", "{\"name\":\"a\",\"models\":" + models + "}")
        .json()
        .path("key")
        .stringValue();
  }

  private Answer ask(String key) {
    return moongate.call(
        key, "POST", "/v1/images/generations", "{\"model\":\"gpt-image-1\",\"prompt\":\"x\"}");
  }

  private JsonNode sent() {
    return json(
        new String(
            upstream.received(ASYNC).getFirst().body(), java.nio.charset.StandardCharsets.UTF_8));
  }

  private static JsonNode json(String text) {
    return JsonMapper.builder().build().readTree(text);
  }
}
