package dev.moongate.api;

import static dev.moongate.testing.DashScopeFace.body;
import static dev.moongate.testing.DashScopeScripts.delivering;
import static dev.moongate.testing.DashScopeScripts.error;
import static dev.moongate.testing.DashScopeScripts.png;
import static dev.moongate.testing.DashScopeScripts.succeeded;
import static dev.moongate.testing.StandInUpstream.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.moongate.provider.ImageProvider.Mode;
import dev.moongate.testing.DashScopeFace;
import dev.moongate.testing.DashScopeScripts;
import dev.moongate.testing.HttpSettingsBuilder;
import dev.moongate.testing.MoongateHarness;
import dev.moongate.testing.MoongateHarness.Answer;
import dev.moongate.testing.Pictures;
import dev.moongate.testing.StandInUpstream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The vendor's synchronous call, answered by the gateway. */
@Timeout(300)
class DashScopeSyncTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final byte[] PICTURE = png(16, 16, 1);

  @TempDir private Path home;
  private final StandInUpstream upstream = delivering(new StandInUpstream(), PICTURE);
  private MoongateHarness moongate;

  @AfterEach
  void stop() {
    moongate.close();
    upstream.close();
  }

  private DashScopeFace before(Mode mode) {
    moongate = MoongateHarness.before(home, upstream.uri(), mode);
    return new DashScopeFace(moongate);
  }

  @Test
  void vendorsBodyReachesTheProviderWithEveryFalseAndZero() {
    String parameters =
        """
        {"size":"1024*768","n":1,"watermark":false,"thinking_mode":false,"enable_sequential":false,\
        "color_palette":[{"hex":"#C2D1E6","ratio":"50.00%"},{"hex":"#000000","ratio":"25.00%"},\
        {"hex":"#FFFFFF","ratio":"25.00%"}],"seed":0}\
        """;
    assertThat(before(Mode.ASYNC).sync(body("x", parameters)).status()).isEqualTo(200);
    JsonNode sent = JSON.readTree(upstream.received(DashScopeScripts.ASYNC).getFirst().body());
    assertThat(sent).isEqualTo(JSON.readTree(body("x", parameters)));
  }

  @Test
  void providersAnswerComesBackInTheSynchronousShapeWithOurLinks() {
    Answer answer = before(Mode.ASYNC).sync(body("x", "{}"));
    JsonNode json = answer.json();
    assertThat(json.path("request_id").stringValue()).isEqualTo(answer.header("x-request-id"));
    JsonNode output = json.path("output");
    assertThat(output.propertyNames()).containsExactlyInAnyOrder("choices", "finished");
    JsonNode choice = output.path("choices").path(0);
    assertThat(choice.path("finish_reason").stringValue()).isEqualTo("stop");
    JsonNode item = choice.path("message").path("content").path(0);
    assertThat(item.path("type").stringValue()).isEqualTo("image");
    String link = item.path("image").stringValue();
    assertThat(link).startsWith(moongate.uri() + "/images/img_");
    assertThat(moongate.get(link.substring(moongate.uri().toString().length())).bytes())
        .isEqualTo(PICTURE);
    assertThat(json.path("usage").path("size").stringValue()).isEqualTo("2048*2048");
    assertThat(json.has("warnings")).isFalse();
    assertThat(answer.header("x-moongate-cost")).isEqualTo("0.5 CNY");
  }

  @Test
  void upstreamThatAnswersAtOnceMakesTheSameAnswer() {
    upstream.respond(
        DashScopeScripts.SYNC,
        json(
            200, succeeded(List.of(upstream.url("/picture-0.png"))).replace("\"task-1\"", "null")));
    JsonNode json = before(Mode.SYNC).sync(body("x", "{}")).json();
    assertThat(json.path("output").propertyNames())
        .containsExactlyInAnyOrder("choices", "finished");
    assertThat(json.at("/output/choices/0/message/content/0/image").stringValue())
        .startsWith(moongate.uri().toString());
  }

  @Test
  void whatHasNoEffectIsTold() {
    String set = "{\"enable_sequential\":true,\"n\":3,\"thinking_mode\":true}";
    JsonNode warnings = before(Mode.ASYNC).sync(body("x", set)).json().path("warnings");
    assertThat(warnings.path(0).path("param").stringValue()).isEqualTo("parameters.thinking_mode");
    assertThat(warnings.path(0).path("code").stringValue()).isEqualTo("no_effect");
    assertThat(warnings.path(1).path("code").stringValue()).isEqualTo("fewer_images");
  }

  @Test
  void inputPictureReachesTheProviderByteForByte() {
    byte[] input = Pictures.png(300, 300);
    String dataUrl = "data:image/png;base64," + Base64.getEncoder().encodeToString(input);
    String body =
        body("x", "{\"bbox_list\":[[[0,0,10,10]]]}")
            .replace("[{\"text\"", "[{\"image\":\"" + dataUrl + "\"},{\"text\"");
    assertThat(before(Mode.ASYNC).sync(body).status()).isEqualTo(200);
    JsonNode content =
        JSON.readTree(upstream.received(DashScopeScripts.ASYNC).getFirst().body())
            .at("/input/messages/0/content");
    assertThat(content.path(0).path("image").stringValue()).isEqualTo(dataUrl);
    assertThat(content.path(1).path("text").stringValue()).isEqualTo("x");
  }

  @Test
  void failureHasTheVendorsCodeAndStatus() {
    upstream.respond(
        DashScopeScripts.ASYNC, json(400, error("DataInspectionFailed", "It may be bad.")));
    Answer answer = before(Mode.ASYNC).sync(body("x", "{}"));
    assertThat(answer.error()).isEqualTo("400 DataInspectionFailed");
    assertThat(answer.json().propertyNames())
        .containsExactlyInAnyOrder("request_id", "code", "message");
    assertThat(answer.json().path("message").stringValue()).contains("It may be bad.");
    assertThat(answer.header("x-moongate-generation")).startsWith("gen_");
    assertThat(answer.header("x-should-retry")).isEqualTo("false");
  }

  @Test
  void operatorsFaultIsNeverShownAsTheCallersKey() {
    upstream.respond(DashScopeScripts.ASYNC, json(401, error("InvalidApiKey", "Invalid.")));
    Answer answer = before(Mode.ASYNC).sync(body("x", "{}"));
    assertThat(answer.error()).isEqualTo("500 InternalError");
    assertThat(answer.header("www-authenticate")).isNull();
  }

  @Test
  void answerThatTakesTooLongNamesTheTaskThatGoesOn() {
    upstream.respond(DashScopeScripts.TASK, DashScopeScripts.running());
    moongate =
        MoongateHarness.start(
            home,
            List.of(MoongateHarness.account(upstream.uri(), Mode.ASYNC)),
            new HttpSettingsBuilder().answerWithin(Duration.ofSeconds(1)).build());
    DashScopeFace face = new DashScopeFace(moongate);
    Answer late = face.sync(body("x", "{}"));
    assertThat(late.error()).isEqualTo("504 RequestTimeOut");
    String task = late.header("x-moongate-generation");
    assertThat(late.json().path("message").stringValue()).contains("/api/v1/tasks/" + task);
    face.await(task, "RUNNING");
    String link = upstream.url("/picture-0.png");
    upstream.respond(DashScopeScripts.TASK, json(200, succeeded(List.of(link))));
    String image =
        face.await(task, "SUCCEEDED").at("/output/choices/0/message/content/0/image").stringValue();
    assertThat(moongate.get(URI.create(image).getPath() + "?" + URI.create(image).getRawQuery()))
        .extracting(Answer::status)
        .isEqualTo(200);
  }
}
