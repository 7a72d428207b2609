package dev.moongate.api.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.openai.client.OpenAIClient;
import dev.moongate.http.HttpSettings;
import dev.moongate.testing.Await;
import dev.moongate.testing.MoongateHarness.Answer;
import dev.moongate.testing.RawClient;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Requirements 31 to 33: who gives up when. Number 34 is http.KeepAliveTest's. */
class TimeTest extends ClientRequirements {
  @Test
  void requirement31_anAnswerLeavesBeforeNodeGivesUpAt300Seconds() {
    assertThat(HttpSettings.DEFAULTS.answerWithin()).isLessThanOrEqualTo(Duration.ofSeconds(280));
    upstream.state("RUNNING");
    Answer answer = generateAs(key(",'answer_within_seconds':1"), "");
    assertThat(answer.error()).isEqualTo("504 still_running");
    assertThat(answer.header("content-type")).isEqualTo("application/json");
  }

  /** What Spring AI's 60 seconds and four attempts come to; here with four each. */
  @Test
  void requirement32_aClientThatGivesUpTooSoonAndSendsAgainPaysOnce() {
    upstream.state("RUNNING");
    Thread.startVirtualThread(() -> {
      Await.until(
          "it was sent again",
          () -> moongate.rows("SELECT retry_count FROM generation").contains("1"));
      upstream.state("SUCCEEDED");
    });
    OpenAIClient client = openAi().timeout(Duration.ofSeconds(4)).maxRetries(3).build();
    assertThat(client.images().generate(params().build()).data().orElseThrow()).hasSize(1);
    assertThat(upstream.submits()).isEqualTo(1);
    assertThat(moongate.rows("SELECT amount FROM ledger WHERE kind = 'CHARGE'")).hasSize(1);
  }

  /** White space as a sign of life would commit a 200 that may have to become an error. */
  @Test
  void requirement33_nothingIsSentBeforeTheEndIsKnown() throws Exception {
    upstream.state("RUNNING");
    try (RawClient client = new RawClient(moongate.port()).reading()) {
      byte[] body = body("").getBytes(java.nio.charset.StandardCharsets.UTF_8);
      client
          .head(
              "POST %s HTTP/1.1|Host: localhost|Connection: close|Authorization: Bearer %s|Content-Type: application/json|Content-Length: %d"
                  .formatted(GENERATIONS, moongate.key().text(), body.length))
          .send(body);
      Await.until("it was polled twice", () -> polls() >= 2);
      assertThat(client.soFar()).isEmpty();
      upstream.state("FAILED");
      assertThat(client.whole()).startsWith("HTTP/1.1 5");
    }
  }

  private long polls() {
    return upstream.http().received("/api/v1/tasks/task-1").size();
  }
}
