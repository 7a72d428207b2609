package dev.moongate.api.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moongate.testing.MoongateHarness.Answer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Requirement 30: requests that are sent again, and those that only look so. */
class ResendsTest extends ClientRequirements {
  @Test
  void requirement30_anIdempotencyKeyMakesSendingAgainFree() {
    Answer first = moongate.generate(body(""), "Idempotency-Key", "order-1");
    Answer again = moongate.generate(body(""), "Idempotency-Key", "order-1");
    assertThat(again.json().path("id")).isEqualTo(first.json().path("id"));
    assertThat(upstream.submits()).isEqualTo(1);
  }

  @Test
  void requirement30_theRetryCountOfAnSdkJoinsWhatItBegan() {
    Answer first = moongate.generate(body(""), "X-Stainless-Retry-Count", "0");
    Answer again = moongate.generate(body(""), "X-Stainless-Retry-Count", "1");
    assertThat(again.json().path("id")).isEqualTo(first.json().path("id"));
    assertThat(upstream.submits()).isEqualTo(1);
  }

  /** Two SDKs ask for two pictures with two equal requests at once. */
  @Test
  void requirement30_equalRequestsWithoutAMarkAreTwo() {
    List<CompletableFuture<Answer>> both =
        List.of(
            CompletableFuture.supplyAsync(
                () -> moongate.generate(body(""), "X-Stainless-Retry-Count", "0")),
            CompletableFuture.supplyAsync(
                () -> moongate.generate(body(""), "X-Stainless-Retry-Count", "0")));
    assertThat(both.stream().map(answer -> answer.join().json().path("id")).distinct()).hasSize(2);
    assertThat(upstream.submits()).isEqualTo(2);
  }
}
