package dev.moongate.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moongate.provider.ImageProvider.Mode;
import dev.moongate.testing.Await;
import dev.moongate.testing.EventClient;
import dev.moongate.testing.MoongateHarness;
import dev.moongate.testing.MoongateHarness.Answer;
import dev.moongate.testing.TaskUpstream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a scraper reads. */
@Timeout(300)
class MetricsTest {
  private static final String BODY = "{\"model\":\"wan2.7-image\",\"prompt\":\"x\",\"n\":2}";

  @TempDir private Path home;

  @Test
  void requestsGenerationsSubmitsPicturesAndMoneyAreCounted() {
    try (TaskUpstream upstream = new TaskUpstream();
        MoongateHarness moongate =
            MoongateHarness.before(home, upstream.http().uri(), Mode.ASYNC)) {
      assertThat(moongate.generate(BODY).status()).isEqualTo(200);
      assertThat(moongate.generate("{}").status()).isEqualTo(400);
      moongate.get("/v1/images/generations/gen_something-that-a-caller-chose");
      moongate.call(null, "GET", "/some-path-that-a-caller-chose", null);
      moongate.call(null, "TRACE", "/v1/models", null);
      upstream.state("RUNNING");
      moongate.generate(BODY, "Prefer", "respond-async");
      Await.until(
          "it runs",
          () -> moongate.rows("SELECT id FROM generation WHERE state = 'SUBMITTED'").size() == 1);
      awaitCounted(
          moongate,
          "method=\"POST\",route=\"/v1/images/generations\",status=\"200\"}",
          "method=\"GET\",route=\"/v1/images/generations/*\",status=\"404\"}",
          "method=\"other\",route=\"none\",status=\"404\"}",
          "method=\"other\",route=\"none\",status=\"405\"}");

      String text = text(moongate);
      assertThat(text.lines())
          .contains(
              "moongate_generations_total{model=\"wan2.7-image\",state=\"admitted\"} 2.0",
              "moongate_generations_total{model=\"wan2.7-image\",state=\"succeeded\"} 1.0",
              "moongate_submits_total{account=\"beijing\",outcome=\"accepted\"} 2.0",
              "moongate_pictures_stored_total 1.0",
              "moongate_ledger_total{currency=\"CNY\",kind=\"charge\"} 0.2",
              "moongate_ledger_total{currency=\"CNY\",kind=\"hold\"} 0.8",
              "moongate_queue_length{account=\"beijing\"} 0.0",
              "moongate_running{account=\"beijing\"} 1.0",
              "moongate_account_open{account=\"beijing\"} 1.0",
              "moongate_download_seconds_count{outcome=\"fetched\"} 1");
      assertThat(text)
          .contains("jvm_memory_used_bytes")
          .doesNotContain("caller-chose", "TRACE", "key_", "gen_");
      assertThat(text.lines())
          .anyMatch(line -> line.startsWith("moongate_pictures_stored_bytes_total "));
    }
  }

  @Test
  void streamThatFailsCountsAsTheFailureAndNotAsTheStatusThatItBeganWith() {
    try (TaskUpstream upstream = new TaskUpstream().state("FAILED");
        MoongateHarness moongate =
            MoongateHarness.before(home, upstream.http().uri(), Mode.ASYNC)) {
      try (EventClient stream =
          moongate.stream("{\"model\":\"wan2.7-image\",\"prompt\":\"x\",\"stream\":true}")) {
        EventClient.Block last = stream.nextNews();
        assertThat(last.name()).isEqualTo("error");
        assertThat(last.json().at("/error/code").stringValue()).isEqualTo("upstream_failed");
      }
      String posts = "method=\"POST\",route=\"/v1/images/generations\",";
      awaitCounted(moongate, posts);
      assertThat(text(moongate))
          .contains(posts + "status=\"502\"")
          .doesNotContain(posts + "status=\"200\"");
    }
  }

  /** A request is counted once its answer has left, so the client may be faster. */
  private static void awaitCounted(MoongateHarness moongate, String... requests) {
    for (String request : requests) {
      Await.until(
          request + " is counted",
          () -> text(moongate).contains("moongate_http_requests_seconds_count{" + request));
    }
  }

  private static String text(MoongateHarness moongate) {
    Answer answer = moongate.call(null, "GET", "/metrics", null);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("Content-Type")).startsWith("text/plain; version=0.0.4");
    return new String(answer.bytes(), StandardCharsets.UTF_8);
  }
}
