package dev.moongate.api;

import static dev.moongate.testing.DashScopeScripts.ASYNC;
import static dev.moongate.testing.DashScopeScripts.error;
import static dev.moongate.testing.StandInUpstream.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.moongate.auth.Key;
import dev.moongate.model.Money;
import dev.moongate.provider.ApiKey;
import dev.moongate.provider.ImageProvider.Mode;
import dev.moongate.routing.Account;
import dev.moongate.settings.MoongateSettings.AccountSettings;
import dev.moongate.settings.MoongateSettings.ModelSettings;
import dev.moongate.testing.Attempts;
import dev.moongate.testing.Await;
import dev.moongate.testing.DeafPort;
import dev.moongate.testing.MoongateHarness;
import dev.moongate.testing.MoongateHarness.Answer;
import dev.moongate.testing.SettingsBuilder;
import dev.moongate.testing.StandInUpstream;
import dev.moongate.testing.TaskUpstream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A model with two accounts: the second is used only when it is certain that nothing was begun. */
@Timeout(300)
class RoutingTest {
  private static final String BODY = "{\"model\":\"wan2.7-image-pro\",\"prompt\":\"x\"}";

  @TempDir private Path home;
  private final TaskUpstream beijing = new TaskUpstream();
  private final TaskUpstream singapore = new TaskUpstream();
  private MoongateHarness moongate;

  @AfterEach
  void stop() {
    if (moongate != null) {
      moongate.close();
    }
    beijing.close();
    singapore.close();
  }

  private static AccountSettings account(String name, URI upstream, Map<String, Money> costs) {
    return new AccountSettings(
        name,
        "dashscope",
        URI.create(upstream + "/api/v1"),
        List.of(new ApiKey("sk-" + name)),
        Mode.ASYNC,
        Account.Limits.DASHSCOPE,
        List.of(),
        costs,
        Mode.ASYNC.submitTimeout());
  }

  private void start(URI first, Map<String, ModelSettings> models) {
    Key key = Key.generate(new SecureRandom());
    moongate =
        MoongateHarness.start(
            SettingsBuilder.from(
                    MoongateHarness.settings(
                        home,
                        List.of(
                            account("beijing", first, Map.of()),
                            account(
                                "singapore",
                                singapore.http().uri(),
                                Map.of("wan2.7-image-pro", new Money(562_065, "CNY")))),
                        key))
                .models(models)
                .build(),
            key);
  }

  private void start() {
    start(beijing.http().uri(), Map.of());
  }

  private List<String> attempts() {
    return Attempts.of(moongate, "account, outcome");
  }

  private void firstSays(StandInUpstream.Handler... handlers) {
    beijing.http().respond(ASYNC, handlers);
  }

  @Test
  void theFirstAccountServesForAsLongAsItIsWell() {
    start();
    for (int i = 0; i < 3; i++) {
      assertThat(moongate.generate(BODY).status()).isEqualTo(200);
    }
    assertThat(beijing.submits()).isEqualTo(3);
    assertThat(singapore.submits()).isZero();
  }

  @Test
  void theSettingsSayWhichAccountComesFirstForAModelAndWhatItCosts() {
    start(
        beijing.http().uri(),
        Map.of(
            "wan2.7-image-pro",
            new ModelSettings(List.of("singapore", "beijing"), new Money(700_000, "CNY"))));
    Answer answer = moongate.generate(BODY);
    assertThat(answer.header("x-moongate-cost")).isEqualTo("0.7 CNY");
    assertThat(attempts()).containsExactly("singapore|SUCCEEDED");
    assertThat(moongate.rows("SELECT kind, amount FROM ledger ORDER BY kind"))
        .containsExactly("CHARGE|700000", "COST|562065", "HOLD|700000");
  }

  @Test
  void whatWasNotSentGoesToTheNextAccount() throws IOException {
    try (DeafPort nobody = new DeafPort()) {
      start(nobody.uri(), Map.of());
      assertThat(moongate.generate(BODY).status()).isEqualTo(200);
      assertThat(attempts()).containsExactly("beijing|NOT_SENT", "singapore|SUCCEEDED");
    }
  }

  @Test
  void anUnbilledErrorGoesToTheNextAccountAndIsChargedOnce() {
    firstSays(json(500, error("InternalError", "oops")));
    start();
    assertThat(moongate.generate(BODY).status()).isEqualTo(200);
    assertThat(attempts()).containsExactly("beijing|REJECTED", "singapore|SUCCEEDED");
    assertThat(moongate.rows("SELECT kind FROM ledger WHERE kind = 'CHARGE'")).hasSize(1);
  }

  @Test
  void aWrongKeyOrArrearsOfOneAccountIsNotTheCallersTroubleWhileThereIsAnother() {
    firstSays(json(401, error("InvalidApiKey", "no")), json(400, error("Arrearage", "no")));
    start();
    for (int i = 0; i < 5; i++) {
      assertThat(moongate.generate(BODY).status()).isEqualTo(200);
    }
    assertThat(singapore.submits()).isEqualTo(5);
    // After three refusals in a row it is not asked any more for a while.
    assertThat(beijing.http().received(ASYNC)).hasSize(3);
  }

  @Test
  void refusedContentIsTakenToNoOtherAccount() {
    firstSays(json(400, error("DataInspectionFailed", "no")));
    start();
    assertThat(moongate.generate(BODY).error()).isEqualTo("400 content_policy_violation");
    assertThat(singapore.submits()).isZero();
  }

  @Test
  void aSubmitInDoubtIsTakenToNoOtherAccount() {
    beijing.fates(TaskUpstream.Fate.ACCEPTED_UNANSWERED);
    start();
    assertThat(moongate.generate(BODY).status()).isEqualTo(200);
    assertThat(beijing.submits()).isEqualTo(1);
    assertThat(singapore.submits()).isZero();
  }

  @Test
  void throttlingIsWaitedOutWhereItHappened() {
    firstSays(
        json(429, Map.of("Retry-After", "1"), error("Throttling.RateQuota", "slow")),
        json(200, "{\"output\":{\"task_id\":\"task-1\",\"task_status\":\"PENDING\"}}"));
    beijing
        .http()
        .respond(
            "/api/v1/tasks/task-1",
            json(
                200,
                dev.moongate.testing.DashScopeScripts.succeeded(
                    List.of(beijing.http().url("/picture.png")))));
    start();
    assertThat(moongate.generate(BODY).status()).isEqualTo(200);
    assertThat(attempts()).containsExactly("beijing|THROTTLED", "beijing|SUCCEEDED");
    assertThat(singapore.submits()).isZero();
  }

  @Test
  void ifAllAccountsRefuseTheLastRefusalIsTold() {
    firstSays(json(500, error("InternalError", "oops")));
    singapore.http().respond(ASYNC, json(401, error("InvalidApiKey", "no")));
    start();
    assertThat(moongate.generate(BODY).error()).isEqualTo("502 upstream_credentials");
    assertThat(attempts()).containsExactly("beijing|REJECTED", "singapore|REJECTED");
    assertThat(moongate.rows("SELECT reserved, spent FROM spending WHERE scope = 'KEY'"))
        .containsExactly("0|0");
  }

  @Test
  void whatWaitsForAnAccountThatIsGoneWaitsForAnotherAfterARestart() {
    beijing.state("RUNNING");
    start();
    for (int i = 0; i < 6; i++) {
      moongate.generate(BODY, "Prefer", "respond-async");
    }
    Await.until("five run", () -> beijing.submits() == 5);
    moongate.close();
    start(
        beijing.http().uri(),
        Map.of("wan2.7-image-pro", new ModelSettings(List.of("singapore"), null)));
    beijing.state("SUCCEEDED");
    Await.until(
        "all have ended",
        () -> moongate.rows("SELECT id FROM generation WHERE state = 'SUCCEEDED'").size() == 6);
    assertThat(beijing.submits()).isEqualTo(5);
    assertThat(singapore.submits()).isEqualTo(1);
  }

  @Test
  void whatWaitsPastItsDeadlineEndsUnchargedAndIsNeverSubmitted() {
    beijing.state("RUNNING");
    singapore.state("RUNNING");
    start(
        beijing.http().uri(),
        Map.of("wan2.7-image-pro", new ModelSettings(List.of("beijing"), null)));
    for (int i = 0; i < 5; i++) {
      moongate.generate(BODY, "Prefer", "respond-async");
    }
    Await.until("five run", () -> beijing.submits() == 5);
    String last =
        moongate.generate(BODY, "Prefer", "respond-async").json().path("id").stringValue();
    assertThat(
            moongate.rows(
                """
                UPDATE generation SET deadline_at = created_at WHERE state = 'ADMITTED'
                RETURNING id
                """))
        .containsExactly(last);
    Await.until(
        "it has ended",
        () ->
            moongate
                .get("/v1/images/generations/" + last)
                .json()
                .path("error")
                .path("code")
                .asString("")
                .equals("queue_timeout"));
    assertThat(beijing.submits()).isEqualTo(5);
    assertThat(moongate.rows("SELECT kind FROM ledger WHERE generation_id = '" + last + "'"))
        .containsExactlyInAnyOrder("HOLD", "RELEASE");
  }
}
