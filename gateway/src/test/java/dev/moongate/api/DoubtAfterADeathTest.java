package dev.moongate.api;

import static dev.moongate.testing.TaskUpstream.Fate.ACCEPTED_UNANSWERED;
import static dev.moongate.testing.TaskUpstream.Fate.DROPPED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.moongate.provider.ApiKey;
import dev.moongate.provider.ImageProvider.Mode;
import dev.moongate.settings.MoongateSettings.AccountSettings;
import dev.moongate.testing.Await;
import dev.moongate.testing.MoongateHarness;
import dev.moongate.testing.ShiftedClock;
import dev.moongate.testing.TaskUpstream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the list of tasks says about a submit that a gateway died over, and what it does not. */
@Timeout(300)
class DoubtAfterADeathTest {
  private static final String BODY = "{\"model\":\"wan2.7-image-pro\",\"prompt\":\"x\"}";

  @TempDir private Path home;
  private final ShiftedClock clock = new ShiftedClock();
  private final TaskUpstream upstream = new TaskUpstream().clock(clock);
  private MoongateHarness moongate;

  @AfterEach
  void stop() {
    moongate.close();
    upstream.close();
  }

  private void start(String key) {
    AccountSettings one = MoongateHarness.account(upstream.http().uri(), Mode.ASYNC);
    AccountSettings account =
        new AccountSettings(
            one.name(),
            one.provider(),
            one.baseUrl(),
            List.of(new ApiKey(key)),
            one.mode(),
            one.limits(),
            one.imageHosts());
    moongate =
        MoongateHarness.seamed(
            home, List.of(account), clock, UnaryOperator.identity(), UnaryOperator.identity());
  }

  /** The key's name is known; a gateway dies over its next submit and is away for a while. */
  private void dieOver(TaskUpstream.Fate fate, Duration away) {
    start("sk-a");
    assertThat(moongate.generate(BODY).status()).isEqualTo(200);
    Await.until("the name is known", () -> !moongate.rows("SELECT 1 FROM provider_key").isEmpty());
    int listsBefore = upstream.lists();
    upstream.listStatus(503).fates(fate);
    moongate.generate(BODY, "Prefer", "respond-async");
    Await.until("the answer is lost", () -> upstream.lists() > listsBefore);
    moongate.close();
    // As a process leaves it that dies between the intent and the answer.
    moongate.rows(
        "UPDATE generation SET state = 'DISPATCHING' WHERE state = 'UNCERTAIN' RETURNING id");
    moongate.rows(
        "UPDATE attempt SET outcome = 'INTENT', answered_at = NULL, reason = NULL,"
            + " not_listed_at = NULL WHERE outcome = 'AMBIGUOUS' RETURNING no");
    upstream.listStatus(200);
    clock.advance(away);
  }

  private String ending() {
    String second = "SELECT state FROM generation ORDER BY created_at DESC, id DESC LIMIT 1";
    Await.until(
        "it has ended",
        () -> List.of("SUCCEEDED", "FAILED", "UNRESOLVED").containsAll(moongate.rows(second)));
    return moongate.rows(second).getFirst();
  }

  @Test
  void listThatReachesBackNoFurtherThanADayProvesNothingAboutAnOlderSubmit() {
    dieOver(ACCEPTED_UNANSWERED, Duration.ofHours(25));
    upstream.forget();
    start("sk-a");
    assertThat(ending()).isEqualTo("UNRESOLVED");
    assertThat(upstream.submits()).isEqualTo(2);
    assertThat(moongate.rows("SELECT kind FROM ledger WHERE kind LIKE 'SUSPECTED%'")).hasSize(1);
  }

  private void assertOnlyTheFirstIsOurs() {
    assertThat(ending()).isEqualTo("UNRESOLVED");
    assertThat(upstream.submits()).isEqualTo(2);
    assertThat(moongate.rows("SELECT task FROM attempt WHERE task IS NOT NULL"))
        .containsExactly("task-1");
  }

  @Test
  void taskThatCameLongAfterTheSubmitIsNotTakenForItHoweverLateTheRestart() {
    dieOver(DROPPED, Duration.ofHours(1));
    long inBetween = clock.instant().minus(Duration.ofMinutes(20)).toEpochMilli();
    upstream.stranger("of-another-program", "id-of-sk-a", inBetween);
    start("sk-a");
    assertOnlyTheFirstIsOurs();
  }

  @Test
  void taskOfTheSubmitIsFoundHoweverLateTheRestart() {
    dieOver(ACCEPTED_UNANSWERED, Duration.ofHours(22));
    start("sk-a");
    assertThat(ending()).isEqualTo("SUCCEEDED");
    assertThat(upstream.submits()).isEqualTo(2);
  }

  @Test
  void listOfAKeyThatTookTheOthersPlaceProvesNothingByWhatIsNotOnIt() {
    dieOver(ACCEPTED_UNANSWERED, Duration.ofMinutes(1));
    upstream.forget();
    start("sk-of-another-company");
    assertOnlyTheFirstIsOurs();
  }

  @Test
  void keyThatTookTheOthersPlaceInOneCompanyFindsItsTask() {
    dieOver(ACCEPTED_UNANSWERED, Duration.ofMinutes(1));
    start("sk-b");
    assertThat(ending()).isEqualTo("SUCCEEDED");
    assertThat(upstream.submits()).isEqualTo(2);
  }
}
