package dev.moongate.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moongate.HomeDatabase;
import dev.moongate.auth.CallerLimits;
import dev.moongate.auth.KeyTerms;
import dev.moongate.auth.Keys.KeyRow;
import dev.moongate.auth.Role;
import dev.moongate.model.Money;
import dev.moongate.policy.Budget;
import dev.moongate.policy.Budget.Period;
import dev.moongate.policy.Budget.Scope;
import dev.moongate.testing.Await;
import dev.moongate.testing.GatewayFixture;
import dev.moongate.testing.MoongateHarness.Answer;
import dev.moongate.testing.OnceThereIsRoom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What a key and its project may spend and ask for. */
class BudgetTest extends GatewayFixture {
  static final String BODY = "{\"model\":\"wan2.7-image\",\"prompt\":\"x\",\"n\":1}";

  /** The id of the only key; two have no order. */
  private String keyId() {
    return moongate.rows("SELECT id FROM api_key").getFirst();
  }

  private void terms(UnaryOperator<KeyTerms> change) throws Exception {
    try (HomeDatabase database = moongate.database()) {
      KeyRow row = database.keys().find(keyId()).orElseThrow();
      database.keys().change(row.with(row.name(), change.apply(row.terms()), null, null), "test");
    }
  }

  private void budget(Scope scope, String id, Period period, String yuan) throws Exception {
    try (HomeDatabase database = moongate.database()) {
      database
          .budgets("CNY")
          .set(
              new Budget(
                  scope,
                  id,
                  period,
                  new Money(new java.math.BigDecimal(yuan).movePointRight(6).longValue(), "CNY")),
              "test");
    }
  }

  private static KeyTerms limited(CallerLimits limits) {
    return new KeyTerms(Role.ADMIN, null, limits, 1, null, null, null, false);
  }

  @Test
  void aBudgetOfAHundredPicturesAdmitsAHundredOfAThousandAtOnce() throws Exception {
    budget(Scope.KEY, keyId(), Period.TOTAL, "20");
    List<CompletableFuture<Answer>> all = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 1000; i++) {
        all.add(
            CompletableFuture.supplyAsync(
                () ->
                    OnceThereIsRoom.answer(
                        () -> moongate.generate(BODY, "Prefer", "respond-async")),
                threads));
      }
    }
    assertThat(all.stream().filter(f -> f.join().status() == 202)).hasSize(100);
    List<Answer> refused =
        all.stream().map(CompletableFuture::join).filter(a -> a.status() != 202).toList();
    assertThat(refused).hasSize(900);
    assertThat(refused.stream().map(Answer::error).distinct())
        .containsExactly("402 insufficient_quota");
    assertThat(refused.getFirst().header("x-should-retry")).isEqualTo("false");
    Await.until(
        "all are settled",
        () ->
            moongate.rows("SELECT generation_id FROM ledger WHERE kind = 'CHARGE'").size() == 100);
    assertThat(moongate.rows("SELECT scope, reserved, spent FROM spending ORDER BY scope"))
        .containsExactly("KEY|0|20000000", "PROJECT|0|20000000");
    assertThat(moongate.generate(BODY).error()).isEqualTo("402 insufficient_quota");
  }

  @Test
  void whatIsNotDeliveredIsGivenBackToTheBudget() throws Exception {
    budget(Scope.PROJECT, "default", Period.MONTH, "0.80");
    upstream.state("FAILED");
    assertThat(moongate.generate(BODY.replace("\"n\":1", "\"n\":4")).status()).isNotEqualTo(200);
    assertThat(moongate.rows("SELECT scope, reserved, spent, pixels FROM spending ORDER BY scope"))
        .containsExactly("KEY|0|0|0", "PROJECT|0|0|0");
    upstream.state("SUCCEEDED");
    assertThat(moongate.generate(BODY.replace("\"n\":1", "\"n\":4")).status()).isEqualTo(200);
    assertThat(moongate.generate(BODY.replace("\"n\":1", "\"n\":4")).error())
        .isEqualTo("402 insufficient_quota");
  }

  @Test
  void refusedForItsBudgetARequestDoesNotBurnItsIdempotencyKey() throws Exception {
    budget(Scope.KEY, keyId(), Period.DAY, "0.10");
    assertThat(moongate.generate(BODY, "Idempotency-Key", "k").error())
        .isEqualTo("402 insufficient_quota");
    budget(Scope.KEY, keyId(), Period.DAY, "0.20");
    assertThat(moongate.generate(BODY, "Idempotency-Key", "k").status()).isEqualTo(200);
    // What is paid already is answered, whatever is left.
    assertThat(moongate.generate(BODY, "Idempotency-Key", "k").status()).isEqualTo(200);
    assertThat(moongate.generate(BODY).error()).isEqualTo("402 insufficient_quota");
  }

  @Test
  void aKeyHasNoMoreGenerationsAtOnceThanItMay() throws Exception {
    terms(_ -> limited(new CallerLimits(null, null, null, 2L)));
    upstream.state("RUNNING");
    moongate.generate(BODY, "Prefer", "respond-async");
    moongate.generate(BODY, "Prefer", "respond-async");
    Answer third = moongate.generate(BODY, "Prefer", "respond-async");
    assertThat(third.error()).isEqualTo("429 rate_limit_exceeded");
    assertThat(third.header("Retry-After")).isNotNull();
    upstream.state("SUCCEEDED");
    Await.until(
        "both have ended",
        () -> moongate.rows("SELECT id FROM generation WHERE state = 'SUCCEEDED'").size() == 2);
    assertThat(moongate.generate(BODY).status()).isEqualTo(200);
  }

  @Test
  void aKeyAsksForNoMorePixelsADayThanItMay() throws Exception {
    terms(_ -> limited(new CallerLimits(null, null, 3L * 2048 * 2048, null)));
    assertThat(moongate.generate(BODY.replace("\"n\":1", "\"n\":4")).error())
        .isEqualTo("429 rate_limit_exceeded");
    assertThat(moongate.generate(BODY.replace("\"n\":1", "\"n\":3")).status()).isEqualTo(200);
  }

  @Test
  void ratesStandInTheHeadersOfAnswersAndRefusals() throws Exception {
    terms(_ -> limited(new CallerLimits(2L, 2L, null, null)));
    Answer first = moongate.generate(BODY);
    assertThat(first.status()).isEqualTo(200);
    assertThat(first.header("x-ratelimit-limit-requests")).isEqualTo("2");
    assertThat(first.header("x-ratelimit-remaining-requests")).isEqualTo("1");
    assertThat(first.header("x-ratelimit-remaining-images")).isEqualTo("1");
    assertThat(moongate.generate(BODY).status()).isEqualTo(200);
    Answer third = moongate.generate(BODY);
    assertThat(third.error()).isEqualTo("429 rate_limit_exceeded");
    assertThat(third.header("x-ratelimit-remaining-requests")).isEqualTo("0");
    assertThat(third.header("x-ratelimit-reset-requests")).matches("[0-9.]+m?s");
    assertThat(Integer.parseInt(third.header("Retry-After"))).isBetween(1, 60);
    assertThat(upstream.submits()).isEqualTo(2);
  }

  @Test
  void aKeyMayUseOnlyItsModelsAndItsRoleSaysWhatElse() {
    String pro = made("\"models\":[\"wan2.7-image-pro\"]");
    Answer other = moongate.call(pro, "POST", "/v1/images/generations", BODY);
    assertThat(other.error()).isEqualTo("403 model_not_allowed");
    assertThat(other.param()).isEqualTo("model");
    assertThat(moongate.call(pro, "GET", "/v1/models", null).json().path("data"))
        .extracting(model -> model.path("id").stringValue())
        .containsExactly("wan2.7-image-pro");
    String reader = made("\"role\":\"read-only\"");
    assertThat(moongate.call(reader, "POST", "/v1/images/generations", BODY).error())
        .isEqualTo("403 permission_denied");
    assertThat(moongate.call(reader, "GET", "/v1/images/generations", null).status())
        .isEqualTo(200);
    assertThat(upstream.submits()).isZero();
  }

  @Test
  void aDryRunTellsTheUpstreamRequestTheHoldAndTheRefusalAndSpendsNothing() throws Exception {
    String asking = keyId();
    String body =
        "{\"model\":\"wan2.7-image\",\"prompt\":\"x\",\"n\":3,\"watermark\":false,\"seed\":0}";
    Answer good = moongate.post("/v1/images/generations?dry_run=true", body);
    assertThat(good.status()).isEqualTo(200);
    assertThat(good.json().path("would_be_admitted").booleanValue()).isTrue();
    assertThat(good.json().path("hold").toString())
        .isEqualTo("{\"amount\":0.6,\"currency\":\"CNY\"}");
    assertThat(good.json().path("upstream").path("url").stringValue())
        .isEqualTo(upstream.http().url("/api/v1/services/aigc/image-generation/generation"));
    assertThat(good.json().path("upstream").path("body").path("parameters").toString())
        .isEqualTo("{\"n\":3,\"watermark\":false,\"seed\":0}");
    Answer members =
        moongate.call(
            made("\"role\":\"member\""), "POST", "/v1/images/generations?dry_run=true", body);
    assertThat(members.json().path("upstream").propertyNames()).containsExactly("body");
    budget(Scope.KEY, asking, Period.DAY, "0.50");
    Answer refused = moongate.post("/v1/images/generations?dry_run=true", body);
    assertThat(refused.status()).isEqualTo(200);
    assertThat(refused.json().path("would_be_admitted").booleanValue()).isFalse();
    assertThat(refused.json().path("refusal").path("code").stringValue())
        .isEqualTo("insufficient_quota");
    assertThat(refused.json().path("refusal").path("status").intValue()).isEqualTo(402);
    assertThat(moongate.post("/v1/images/generations?dry_run=perhaps", body).param())
        .isEqualTo("dry_run");
    assertThat(moongate.rows("SELECT id FROM generation")).isEmpty();
    assertThat(moongate.rows("SELECT scope FROM spending")).isEmpty();
    assertThat(upstream.submits()).isZero();
  }

  @Test
  void noNumberThatACallerThinksOfRaisesABalance() throws Exception {
    budget(Scope.KEY, keyId(), Period.TOTAL, "1");
    List<String> numbers =
        List.of(
            "-1",
            "-4",
            "0",
            "5",
            "12",
            "2147483648",
            "-9223372036854775808",
            "1e3",
            "0.5",
            "\"3\"",
            "[2]",
            "null",
            "true",
            "99999999999999999999999999",
            "-0");
    List<String> sizes =
        List.of("\"-1024x-1024\"", "\"0x0\"", "\"1x999999999999\"", "\"4K\"", "\"1e9*1\"", "-7");
    long before = 0;
    for (String number : numbers) {
      moongate.generate("{\"model\":\"wan2.7-image\",\"prompt\":\"x\",\"n\":%s}".formatted(number));
      long after = used();
      assertThat(after).as("n = %s", number).isGreaterThanOrEqualTo(before);
      before = after;
    }
    for (String size : sizes) {
      moongate.generate(
          "{\"model\":\"wan2.7-image\",\"prompt\":\"x\",\"size\":%s}".formatted(size));
      assertThat(used()).as("size = %s", size).isEqualTo(before);
    }
    // Only null counts as left out: one picture.
    assertThat(before).isEqualTo(200_000);
    assertThat(upstream.submits()).isEqualTo(1);
  }

  private long used() {
    return Long.parseLong(
        moongate
            .rows("SELECT COALESCE(SUM(reserved + spent), 0) FROM spending WHERE scope = 'KEY'")
            .getFirst());
  }

  private String made(String terms) {
    return moongate
        .admin("POST", "/keys", "{\"name\":\"a\"," + terms + "}")
        .json()
        .path("key")
        .stringValue();
  }
}
