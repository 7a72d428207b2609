package dev.moongate.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moongate.provider.ImageProvider.Mode;
import dev.moongate.testing.Await;
import dev.moongate.testing.DashScopeScripts;
import dev.moongate.testing.GatewayFixture;
import dev.moongate.testing.MoongateHarness;
import dev.moongate.testing.MoongateHarness.Answer;
import dev.moongate.testing.OnceThereIsRoom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that are sent again, by a key of the caller's or by an SDK's own count. */
class ResendTest extends GatewayFixture {
  private static final String BODY = "{\"model\":\"wan2.7-image-pro\",\"prompt\":\"x\"}";
  private static final String KEY = "Idempotency-Key";
  private static final String COUNT = "X-Stainless-Retry-Count";

  @Test
  void sameKeyReplaysTheSameGeneration() {
    Answer first = moongate.generate(BODY, KEY, "order-1");
    Answer again = moongate.generate(BODY, KEY, "\"order-1\"");
    assertThat(first.status()).isEqualTo(200);
    assertThat(again.status()).isEqualTo(200);
    assertThat(first.header("Idempotent-Replayed")).isNull();
    assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
    assertThat(again.json().path("id")).isEqualTo(first.json().path("id"));
    assertThat(again.json().path("created")).isEqualTo(first.json().path("created"));
    assertThat(upstream.submits()).isEqualTo(1);
    assertThat(charges()).hasSize(1);
  }

  @Test
  void sameKeyForAnotherRequestIsRefused() {
    moongate.generate(BODY, KEY, "order-1");
    Answer other = moongate.generate(BODY.replace("\"x\"", "\"y\""), KEY, "order-1");
    assertThat(other.error()).isEqualTo("422 idempotency_key_reused");
    assertThat(other.header("x-should-retry")).isEqualTo("false");
    assertThat(upstream.submits()).isEqualTo(1);
  }

  @Test
  void refusedRequestDoesNotBurnTheKey() {
    assertThat(moongate.generate(BODY.replace("}", ",\"n\":99}"), KEY, "k").status())
        .isEqualTo(400);
    assertThat(moongate.generate(BODY, KEY, "k").status()).isEqualTo(200);
  }

  @Test
  void failureThatCostNothingAndMayBeTriedAgainDoesNotHoldTheKey() {
    upstream
        .http()
        .respond(
            DashScopeScripts.ASYNC,
            dev.moongate.testing.StandInUpstream.json(
                500, DashScopeScripts.error("InternalError", "oops")));
    Answer failed = moongate.generate(BODY, KEY, "k");
    assertThat(failed.error()).isEqualTo("502 upstream_failed");
    assertThat(failed.header("x-should-retry")).isEqualTo("true");
    upstream
        .http()
        .respond(
            DashScopeScripts.ASYNC,
            dev.moongate.testing.StandInUpstream.json(
                400, DashScopeScripts.error("DataInspectionFailed", "no")));
    Answer refused = moongate.generate(BODY, KEY, "k");
    assertThat(refused.error()).isEqualTo("400 content_policy_violation");
    Answer replayed = moongate.generate(BODY, KEY, "k");
    assertThat(replayed.error()).isEqualTo("400 content_policy_violation");
    assertThat(refused.header("Idempotent-Replayed")).isNull();
    assertThat(replayed.header("Idempotent-Replayed")).isEqualTo("true");
    assertThat(replayed.header("x-moongate-generation"))
        .isEqualTo(refused.header("x-moongate-generation"));
    assertThat(charges()).isEmpty();
  }

  @Test
  void replayedErrorSaysWhichPreferenceWasApplied() {
    refuseWith(400, "DataInspectionFailed");
    assertThat(moongate.generate(BODY, KEY, "k").status()).isEqualTo(400);
    Answer replayed = moongate.generate(BODY, KEY, "k", "Prefer", "wait=20");
    assertThat(replayed.error()).isEqualTo("400 content_policy_violation");
    assertThat(replayed.header("Idempotent-Replayed")).isEqualTo("true");
    assertThat(replayed.header("Preference-Applied")).isEqualTo("wait=20");
    assertThat(replayed.header("x-request-id")).startsWith("req_");
  }

  @ParameterizedTest
  @CsvSource({
    "401,InvalidApiKey,502 upstream_credentials",
    "400,Arrearage,503 provider_unavailable"
  })
  void operatorsFaultDoesNotHoldTheKey(int status, String code, String error) {
    refuseWith(status, code);
    assertThat(moongate.generate(BODY, KEY, "k").error()).isEqualTo(error);
    moongate.close();
    moongate = MoongateHarness.before(home, upstream.http().uri(), Mode.ASYNC);
    upstream.answersSubmits();
    Answer mended = moongate.generate(BODY, KEY, "k");
    assertThat(mended.status()).isEqualTo(200);
    assertThat(mended.header("Idempotent-Replayed")).isNull();
    assertThat(charges()).hasSize(1);
  }

  @Test
  void deletedGenerationIsNeitherReplayedNorPaidForAgainUnderItsKey() {
    String id = moongate.generate(BODY, KEY, "k").json().path("id").stringValue();
    assertThat(moongate.delete("/v1/images/generations/" + id).status()).isEqualTo(200);
    Answer again = moongate.generate(BODY, KEY, "k");
    assertThat(again.error()).isEqualTo("404 not_found");
    assertThat(again.param()).isEqualTo("Idempotency-Key");
    assertThat(again.header("x-should-retry")).isEqualTo("false");
    assertThat(again.header("x-moongate-generation")).isEqualTo(id);
    assertThat(upstream.submits()).isEqualTo(1);
    assertThat(moongate.generate(BODY, KEY, "k2").status()).isEqualTo(200);
  }

  private void refuseWith(int status, String code) {
    upstream
        .http()
        .respond(
            DashScopeScripts.ASYNC,
            dev.moongate.testing.StandInUpstream.json(status, DashScopeScripts.error(code, "no")));
  }

  @Test
  void thousandDuplicatesAtOnceAreOneGeneration() {
    List<CompletableFuture<Answer>> all = new ArrayList<>();
    try (var threads = java.util.concurrent.Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 1000; i++) {
        all.add(
            CompletableFuture.supplyAsync(
                () -> OnceThereIsRoom.answer(() -> moongate.generate(BODY, KEY, "one")), threads));
      }
    }
    assertThat(all.stream().map(f -> f.join().status()).distinct()).containsExactly(200);
    assertThat(all.stream().map(f -> f.join().json().path("id").stringValue()).distinct())
        .hasSize(1);
    assertThat(all.stream().filter(f -> f.join().header("Idempotent-Replayed") == null)).hasSize(1);
    assertThat(upstream.submits()).isEqualTo(1);
    assertThat(charges()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "with space"})
  void badKeysAreRefusedByName(String key) {
    Answer answer = moongate.generate(BODY, KEY, key);
    assertThat(answer.error()).isEqualTo("400 invalid_value");
    assertThat(answer.param()).isEqualTo(KEY);
  }

  @Test
  void equalRequestsWithoutMarksAreNeverMerged() {
    moongate.generate(BODY);
    moongate.generate(BODY);
    moongate.generate(BODY, COUNT, "0");
    assertThat(upstream.submits()).isEqualTo(3);
  }

  @Test
  void sdkThatSendsAgainJoinsWhatItStarted() {
    upstream.state("RUNNING");
    CompletableFuture<Answer> first =
        CompletableFuture.supplyAsync(() -> moongate.generate(BODY, COUNT, "0"));
    Await.until("it is submitted", () -> upstream.submits() == 1);
    CompletableFuture<Answer> again =
        CompletableFuture.supplyAsync(() -> moongate.generate(BODY, COUNT, "1"));
    Await.until(
        "it joined", () -> moongate.rows("SELECT retry_count FROM generation").contains("1"));
    upstream.state("SUCCEEDED");
    assertThat(again.join().status()).isEqualTo(200);
    assertThat(again.join().json().path("id")).isEqualTo(first.join().json().path("id"));
    assertThat(upstream.submits()).isEqualTo(1);
  }

  @Test
  void twoParallelCallsThatAreBothSentAgainEachFindTheirOwn() {
    moongate.generate(BODY, COUNT, "0");
    moongate.generate(BODY, COUNT, "0");
    String one = moongate.generate(BODY, COUNT, "1").json().path("id").stringValue();
    String two = moongate.generate(BODY, COUNT, "1").json().path("id").stringValue();
    assertThat(one).isNotEqualTo(two);
    assertThat(upstream.submits()).isEqualTo(2);
    assertThat(moongate.generate(BODY, COUNT, "1").json().path("id").stringValue())
        .isNotIn(one, two);
    assertThat(upstream.submits()).isEqualTo(3);
  }

  @Test
  void sdkThatSendsAgainAfterAnUnbilledFailureStartsAnew() {
    upstream
        .http()
        .respond(
            DashScopeScripts.ASYNC,
            dev.moongate.testing.StandInUpstream.json(
                500, DashScopeScripts.error("InternalError", "oops")));
    assertThat(moongate.generate(BODY, COUNT, "0").error()).isEqualTo("502 upstream_failed");
    assertThat(moongate.generate(BODY, COUNT, "1").error()).isEqualTo("502 upstream_failed");
    assertThat(moongate.rows("SELECT id FROM generation")).hasSize(2);
  }

  private List<String> charges() {
    return moongate.rows("SELECT amount FROM ledger WHERE kind = 'CHARGE'");
  }
}
