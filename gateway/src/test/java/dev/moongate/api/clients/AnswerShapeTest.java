package dev.moongate.api.clients;

import static dev.moongate.testing.DashScopeScripts.ASYNC;
import static dev.moongate.testing.DashScopeScripts.TASK;
import static dev.moongate.testing.DashScopeScripts.accepted;
import static dev.moongate.testing.DashScopeScripts.succeeded;
import static dev.moongate.testing.StandInUpstream.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.moongate.testing.MoongateHarness.Answer;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Requirements 15 to 22: the JSON that clients parse. */
class AnswerShapeTest extends ClientRequirements {
  @Test
  void requirement15_everyPictureHasExactlyTheMemberThatWasAskedFor() {
    for (String wanted : List.of("url", "b64_json")) {
      JsonNode picture =
          generated(",'response_format':'" + wanted + "'").json().path("data").path(0);
      assertThat(picture.propertyNames()).containsExactly(wanted);
      assertThat(picture.path(wanted).stringValue()).isNotEmpty();
    }
  }

  @Test
  void requirement16_base64IsPlain() {
    String text =
        generated(",'response_format':'b64_json'").json().at("/data/0/b64_json").stringValue();
    assertThat(text).matches("[A-Za-z0-9+/]+={0,2}");
    assertThat(text.length() % 4).isZero();
    assertThat(Base64.getDecoder().decode(text)).startsWith(0x89, 'P', 'N', 'G');
  }

  @Test
  void requirement17_createdIsAWholeNumberOfSeconds() {
    long before = Instant.now().getEpochSecond();
    JsonNode created = generated("").json().path("created");
    assertThat(created.isIntegralNumber()).isTrue();
    assertThat(created.longValue()).isBetween(before, Instant.now().getEpochSecond());
  }

  @Test
  void requirement18_anAnswerWithoutAPictureIsAnError() {
    polled(succeeded(List.of()));
    Answer none = moongate.generate(body(""));
    assertThat(none.error()).isEqualTo("502 upstream_failed");
    assertThat(none.json().has("data")).isFalse();
  }

  @Test
  void requirement19_usageIsNotThereAndTheProvidersOwnIsInMetadata() {
    JsonNode json = generated("").json();
    assertThat(json.has("usage")).isFalse();
    assertThat(json.at("/metadata/usage/image_count").intValue()).isEqualTo(1);
  }

  @Test
  void requirement20_nothingElseStandsAtTheTop() {
    assertThat(generated("").json().propertyNames())
        .containsExactly("id", "created", "data", "metadata");
    assertThat(
            generated(",'background':'auto','quality':'hd','size':'1K','output_format':'png'")
                .json()
                .propertyNames())
        .containsExactly("id", "created", "data", "metadata", "warnings");
  }

  @Test
  void requirement21_everyAnswerSaysThatItIsJson() {
    assertThat(generated("").header("content-type")).isEqualTo("application/json");
    assertThat(generated(",'response_format':'b64_json'").header("content-type"))
        .isEqualTo("application/json");
    for (Answer refused :
        List.of(
            moongate.generate("{"),
            moongate.get("/nowhere"),
            moongate.call("wrong", "POST", GENERATIONS, body("")))) {
      assertThat(refused.header("content-type")).isEqualTo("application/json");
    }
  }

  @Test
  void requirement22_noFailureIsA200() {
    polled(
        """
        {"request_id":"r","output":{"task_id":"task-1","task_status":"FAILED",\
        "code":"DataInspectionFailed","message":"no"}}\
        """);
    Answer failed = moongate.generate(body(""));
    assertThat(failed.error()).isEqualTo("400 content_policy_violation");
    assertThat(failed.json().propertyNames()).containsExactly("error");
  }

  /** The next submits make a task of which this is said. */
  private void polled(String answer) {
    upstream.http().respond(ASYNC, accepted()).respond(TASK, json(200, answer));
  }
}
