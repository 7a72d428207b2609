package dev.moongate.api;

import static dev.moongate.testing.DashScopeFace.SYNC;
import static dev.moongate.testing.DashScopeFace.TASKS;
import static dev.moongate.testing.DashScopeFace.body;
import static org.assertj.core.api.Assertions.assertThat;

import dev.moongate.HomeDatabase;
import dev.moongate.model.Money;
import dev.moongate.policy.Budget;
import dev.moongate.policy.Budget.Period;
import dev.moongate.policy.Budget.Scope;
import dev.moongate.testing.MoongateHarness.Answer;
import dev.moongate.testing.StandInUpstream;
import dev.moongate.webhook.Webhook;
import dev.moongate.webhook.WebhookSecret;
import java.net.URI;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;

/** What holds for keys and their money holds for the vendor's calls as well. */
class DashScopeTermsTest extends DashScopeFixture {
  private static final String BODY = body("x", "{\"n\":2}");

  private String made(String members) {
    return moongate
        .admin("POST", "/keys", "{\"name\":\"made\"," + members + "}")
        .json()
        .path("key")
        .stringValue();
  }

  @Test
  void idempotencyKeyMakesARequestOnce() {
    Answer first = face.async(BODY, "Idempotency-Key", "k");
    String id = first.json().at("/output/task_id").stringValue();
    face.await(id, "SUCCEEDED");
    Answer again = face.async(BODY, "Idempotency-Key", "k");
    assertThat(again.json().at("/output/task_id").stringValue()).isEqualTo(id);
    assertThat(again.json().at("/output/task_status").stringValue()).isEqualTo("SUCCEEDED");
    assertThat(again.header("idempotent-replayed")).isEqualTo("true");
    assertThat(face.sync(BODY, "Idempotency-Key", "k").header("x-moongate-generation"))
        .isEqualTo(id);
    assertThat(upstream.submits()).isEqualTo(1);
    Answer other = face.sync(body("y", "{}"), "Idempotency-Key", "k");
    assertThat(other.error()).isEqualTo("400 InvalidParameter");
    assertThat(other.json().path("message").stringValue()).contains("Idempotency-Key");
  }

  @Test
  void sameRequestAtTheOtherFaceJoinsItUnderItsKey() {
    Answer here = face.sync(BODY, "Idempotency-Key", "k");
    Answer there =
        moongate.generate(
            "{\"model\":\"wan2.7-image-pro\",\"prompt\":\"x\",\"n\":2}", "Idempotency-Key", "k");
    assertThat(there.status()).isEqualTo(200);
    assertThat(there.header("x-moongate-generation"))
        .isEqualTo(here.header("x-moongate-generation"));
    assertThat(upstream.submits()).isEqualTo(1);
  }

  @Test
  void pictureIsHeldForChargedAndCounted() {
    String id = face.sync(BODY).header("x-moongate-generation");
    assertThat(
            moongate.rows(
                "SELECT kind FROM ledger WHERE generation_id = '" + id + "' ORDER BY kind"))
        .containsExactly("CHARGE", "COST", "HOLD", "RELEASE");
    assertThat(moongate.admin("GET", "/usage", null).json().toString())
        .contains("\"requests\":1", "\"pictures\":1");
  }

  @Test
  void usedUpBudgetIsTheVendorsArrearage() throws Exception {
    String key = moongate.rows("SELECT id FROM api_key").getFirst();
    try (HomeDatabase database = moongate.database()) {
      Budget budget = new Budget(Scope.KEY, key, Period.TOTAL, new Money(900_000, "CNY"));
      database.budgets("CNY").set(budget, "test");
    }
    Answer refused = face.async(BODY);
    assertThat(refused.error()).isEqualTo("400 Arrearage");
    assertThat(refused.header("x-should-retry")).isEqualTo("false");
    assertThat(face.sync(body("x", "{\"n\":1}")).status()).isEqualTo(200);
    assertThat(upstream.submits()).isEqualTo(1);
  }

  @Test
  void keyThatAsksTooOftenIsThrottledAndToldHowLong() {
    String key = made("\"limits\":{\"requests_per_minute\":1}");
    assertThat(moongate.call(key, "POST", SYNC, BODY).status()).isEqualTo(200);
    Answer second = moongate.call(key, "POST", SYNC, BODY);
    assertThat(second.error()).isEqualTo("429 Throttling.RateQuota");
    assertThat(Integer.parseInt(second.header("retry-after"))).isBetween(1, 60);
    assertThat(second.header("x-should-retry")).isEqualTo("true");
    assertThat(second.header("x-ratelimit-remaining-requests")).isEqualTo("0");
  }

  @Test
  void keyThatOnlyLooksMayPollAndNotBegin() {
    String task = face.sync(BODY).header("x-moongate-generation");
    String key = made("\"role\":\"read-only\"");
    assertThat(moongate.call(key, "POST", SYNC, BODY).error()).isEqualTo("403 AccessDenied");
    assertThat(moongate.call(key, "POST", TASKS + "/" + task + "/cancel", null).error())
        .isEqualTo("403 AccessDenied");
    assertThat(moongate.call(key, "GET", TASKS + "/" + task, null).status()).isEqualTo(200);
  }

  @Test
  void keyMayUseOnlyItsModels() {
    String key = made("\"models\":[\"wan2.7-image\"]");
    Answer refused = moongate.call(key, "POST", SYNC, BODY);
    assertThat(refused.error()).isEqualTo("403 Model.AccessDenied");
    assertThat(upstream.submits()).isZero();
  }

  @Test
  void lenientKeyIsToldWhatWasIgnored() {
    String key = made("\"lenient\":true");
    String body = body("x", "{\"negative_prompt\":\"y\"}");
    assertThat(moongate.call(key, "POST", SYNC, body).json().at("/warnings/0/param").stringValue())
        .isEqualTo("parameters.negative_prompt");
  }

  @Test
  void headersWithoutEffectAreTold() {
    Answer answer =
        face.sync(
            body("x", "{\"enable_search\":false,\"stream\":false,\"size\":null}"),
            "X-DashScope-WorkSpace",
            "ws-1",
            "X-DashScope-DataInspection",
            "enable",
            "X-DashScope-OssResourceResolve",
            "enable");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().path("warnings"))
        .extracting(warning -> warning.path("param").stringValue())
        .containsExactly("X-DashScope-WorkSpace", "X-DashScope-DataInspection");
  }

  @Test
  void webhookIsToldOfATask() throws Exception {
    try (StandInUpstream receiver =
        new StandInUpstream().respond("/hook", StandInUpstream.json(200, "{}"))) {
      String key = moongate.rows("SELECT id FROM api_key").getFirst();
      try (HomeDatabase database = moongate.database()) {
        Webhook hook =
            new Webhook(
                URI.create(receiver.url("/hook")), WebhookSecret.generate(new SecureRandom()));
        database.webhooks().register(key, hook, "test");
      }
      String id = face.begun(BODY);
      assertThat(receiver.take().bodyText()).contains("image.generation.succeeded", id);
    }
  }
}
