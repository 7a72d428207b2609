package dev.moongate.api;

import static dev.moongate.testing.DashScopeScripts.ASYNC;
import static dev.moongate.testing.DashScopeScripts.SYNC;
import static dev.moongate.testing.DashScopeScripts.delivering;
import static dev.moongate.testing.DashScopeScripts.png;
import static dev.moongate.testing.DashScopeScripts.succeeded;
import static dev.moongate.testing.StandInUpstream.bytes;
import static dev.moongate.testing.StandInUpstream.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.moongate.provider.ImageProvider.Mode;
import dev.moongate.testing.MoongateHarness;
import dev.moongate.testing.MoongateHarness.Answer;
import dev.moongate.testing.StandInUpstream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The request that the product exists for, from the client's socket to the provider's and back. */
@Timeout(300)
class SeedRequestTest {
  private static final String SEED =
      """
      { "model": "wan2.7-image-pro",
        "response_format": "url",
        "input": { "messages": [ { "role": "user", "content": [ { "text": "A flower shop" } ] } ] },
        "size": "2K", "n": 1, "watermark": false, "thinking_mode": true, "seed": 0 }
      """;

  @TempDir Path home;
  private final StandInUpstream upstream = new StandInUpstream();

  @AfterEach
  void stop() {
    upstream.close();
  }

  @Test
  void theSeedsRequestIsMappedToTheLetterAndAnsweredInTheUnifiedShape() {
    byte[] picture = png(64, 48, 1);
    delivering(upstream, picture);
    try (MoongateHarness moongate = MoongateHarness.before(home, upstream.uri(), Mode.ASYNC)) {
      Answer answer = moongate.generate(SEED);
      assertThat(answer.status()).isEqualTo(200);

      StandInUpstream.Received submit = upstream.received(ASYNC).getFirst();
      assertThat(submit.header("X-DashScope-Async")).isEqualTo("enable");
      assertThat(submit.header("Authorization")).isEqualTo("Bearer sk-upstream-secret");
      assertThat(submit.bodyText())
          .isEqualTo(
              """
              {"model":"wan2.7-image-pro","input":{"messages":[{"role":"user","content":[{"text":"A flower shop"}]}]},\
              "parameters":{"size":"2K","n":1,"watermark":false,"thinking_mode":true,"seed":0}}\
              """);

      JsonNode json = answer.json();
      assertThat(json.propertyNames()).containsExactly("id", "created", "data", "metadata");
      assertThat(json.path("created").isIntegralNumber()).isTrue();
      assertThat(json.path("data")).hasSize(1);
      assertThat(json.path("data").path(0).propertyNames()).containsExactly("url");
      String link = json.path("data").path(0).path("url").stringValue();
      assertThat(link).startsWith(moongate.uri() + "/images/img_");
      assertThat(json.path("metadata").path("usage").path("image_count").intValue()).isEqualTo(1);
      assertThat(json.at("/metadata/output/choices/0/message/content/0/image").stringValue())
          .isEqualTo(link);
      assertThat(new String(answer.bytes(), StandardCharsets.UTF_8))
          .doesNotContain("Signature=abc")
          .doesNotContain("sk-upstream-secret");
      assertThat(answer.header("x-request-id")).startsWith("req_");
      assertThat(answer.header("x-moongate-cost")).isEqualTo("0.5 CNY");

      Answer stored = moongate.send(HttpRequest.newBuilder(URI.create(link)));
      assertThat(stored.bytes()).isEqualTo(picture);
      assertThat(stored.header("content-type")).isEqualTo("image/png");
    }
  }

  @Test
  void base64IsThePictureAndTheOnlyMember() {
    byte[] first = png(300, 200, 2);
    byte[] second = png(200, 300, 3);
    delivering(upstream, first, second);
    try (MoongateHarness moongate = MoongateHarness.before(home, upstream.uri(), Mode.ASYNC)) {
      Answer answer =
          moongate.generate(
              """
              {"model":"wan2.7-image-pro","prompt":"two","n":2,"response_format":"b64_json"}\
              """);
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.header("content-length")).isEqualTo("" + answer.bytes().length);
      JsonNode data = answer.json().path("data");
      assertThat(data.path(0).propertyNames()).containsExactly("b64_json");
      assertThat(Base64.getDecoder().decode(data.path(0).path("b64_json").stringValue()))
          .isEqualTo(first);
      assertThat(Base64.getDecoder().decode(data.path(1).path("b64_json").stringValue()))
          .isEqualTo(second);
      assertThat(
              answer.json().at("/metadata/output/choices/1/message/content/0/image").stringValue())
          .startsWith(moongate.uri() + "/images/");
    }
  }

  @Test
  void everyParameterArrivesAndWhatIsAbsentStaysAbsent() {
    delivering(upstream, png(10, 10, 4));
    try (MoongateHarness moongate = MoongateHarness.before(home, upstream.uri(), Mode.ASYNC)) {
      moongate.generate(
          """
          {"model":"wan2.7-image","prompt":"x","size":"1024x768","thinking_mode":false,"enable_sequential":false,
           "seed":2147483647,"watermark":null,"quality":"hd",
           "color_palette":[{"hex":"#c2d1e6","ratio":"23.51%"},{"hex":"#636574","ratio":"26.49%"},
                            {"hex":"#CBD4E4","ratio":"50.00%"}]}\
          """);
      assertThat(upstream.received(ASYNC).getFirst().bodyText())
          .isEqualTo(
              """
              {"model":"wan2.7-image","input":{"messages":[{"role":"user","content":[{"text":"x"}]}]},\
              "parameters":{"size":"1024*768","n":1,"thinking_mode":false,"enable_sequential":false,\
              "color_palette":[{"hex":"#C2D1E6","ratio":"23.51%"},{"hex":"#636574","ratio":"26.49%"},\
              {"hex":"#CBD4E4","ratio":"50.00%"}],"seed":2147483647}}\
              """);
    }
  }

  @Test
  void sequentialModeAsksForTwelveAndPaysForWhatComes() {
    delivering(upstream, png(10, 10, 5), png(11, 10, 6), png(12, 10, 7));
    try (MoongateHarness moongate = MoongateHarness.before(home, upstream.uri(), Mode.ASYNC)) {
      Answer answer =
          moongate.generate(
              """
              {"model":"wan2.7-image-pro","prompt":"a set","enable_sequential":true,"thinking_mode":true}\
              """);
      assertThat(upstream.received(ASYNC).getFirst().bodyText()).contains("\"n\":12");
      assertThat(answer.json().path("data")).hasSize(3);
      assertThat(answer.json().path("warnings").findValuesAsString("code"))
          .containsExactlyInAnyOrder("no_effect", "fewer_images");
      assertThat(moongate.rows("SELECT kind, amount FROM ledger ORDER BY kind"))
          .containsExactly("CHARGE|1500000", "COST|1500000", "HOLD|6000000", "RELEASE|4500000");
    }
  }

  @Test
  void inputPicturesReachTheProviderByteForByteAndNoRowHoldsThem() {
    delivering(upstream, png(10, 10, 8));
    String data = "data:image/png;base64," + Base64.getEncoder().encodeToString(png(300, 240, 9));
    try (MoongateHarness moongate = MoongateHarness.before(home, upstream.uri(), Mode.ASYNC)) {
      Answer answer =
          moongate.generate(
              """
              {"model":"wan2.7-image-pro","input":{"messages":[{"role":"user","content":[
                {"image":"%s"},{"text":"make it red"},{"image":"https://example.com/a.png"}]}]},
               "bbox_list":[[[0,0,10,10]],[]]}\
              """
                  .formatted(data));
      assertThat(answer.status()).isEqualTo(200);
      assertThat(upstream.received(ASYNC).getFirst().bodyText())
          .contains(
              "[{\"image\":\""
                  + data
                  + "\"},{\"text\":\"make it red\"},{\"image\":\"https://example.com/a.png\"}]")
          .contains("\"bbox_list\":[[[0,0,10,10]],[]]");
      assertThat(moongate.rows("SELECT request FROM generation").getFirst())
          .doesNotContain("base64")
          .hasSizeLessThan(1000);
    }
  }

  @Test
  void synchronousModeAnswersTheSame() {
    byte[] picture = png(20, 20, 10);
    upstream.respond("/p.png", bytes(200, "image/png", picture));
    upstream.respond(
        SYNC,
        json(
            200,
            succeeded(List.of(upstream.url("/p.png")))
                .replace("\"task_id\":\"task-1\",\"task_status\":\"SUCCEEDED\",", "")));
    try (MoongateHarness moongate = MoongateHarness.before(home, upstream.uri(), Mode.SYNC)) {
      Answer answer = moongate.generate(SEED);
      assertThat(answer.status()).isEqualTo(200);
      assertThat(upstream.received(SYNC)).hasSize(1);
      assertThat(upstream.received(SYNC).getFirst().header("X-DashScope-Async")).isNull();
      assertThat(answer.json().path("data")).hasSize(1);
    }
  }
}
