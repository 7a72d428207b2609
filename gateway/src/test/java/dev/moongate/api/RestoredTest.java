package dev.moongate.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.HotSpotDiagnosticMXBean;
import dev.moongate.Gateway;
import dev.moongate.SeamedGateway;
import dev.moongate.auth.Key;
import dev.moongate.error.ErrorCode;
import dev.moongate.error.GatewayException;
import dev.moongate.generation.GenerationRows;
import dev.moongate.provider.ImageProvider.Mode;
import dev.moongate.settings.MoongateSettings.AccountSettings;
import dev.moongate.testing.Await;
import dev.moongate.testing.DashScopeScripts;
import dev.moongate.testing.MoongateHarness;
import dev.moongate.testing.Seam;
import dev.moongate.testing.ShiftedClock;
import dev.moongate.testing.StandInUpstream;
import dev.moongate.testing.TaskUpstream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An older copy of the database pays for nothing a second time. */
@Timeout(300)
class RestoredTest {
  private static final String BODY = "{\"model\":\"wan2.7-image-pro\",\"prompt\":\"x\"}";

  @TempDir private Path home;
  @TempDir private Path copy;
  private final TaskUpstream upstream = new TaskUpstream();

  @AfterEach
  void stop() {
    upstream.close();
  }

  private List<AccountSettings> accounts() {
    return List.of(MoongateHarness.account(upstream.http().uri(), Mode.ASYNC));
  }

  /** Five that run and one that waits, as a stopped gateway left them. */
  private void sixBegunAndStopped() throws IOException {
    upstream.state("RUNNING");
    try (MoongateHarness moongate =
        MoongateHarness.start(home, accounts(), MoongateHarness.settings())) {
      for (int i = 0; i < 6; i++) {
        moongate.generate(BODY, "Prefer", "respond-async");
      }
      Await.until("five run", () -> upstream.submits() == 5);
    }
    MoongateHarness.copyDatabase(home, copy);
  }

  private static List<String> states(MoongateHarness moongate) {
    return moongate.rows("SELECT state FROM generation ORDER BY created_at, id");
  }

  private static void awaitEnds(MoongateHarness moongate) {
    Await.until(
        "all have ended",
        () ->
            states(moongate).stream()
                .allMatch(s -> s.equals("SUCCEEDED") || s.equals("UNRESOLVED")));
  }

  @Test
  void whatMayHaveBeenSubmittedAfterTheCopyIsNotSubmittedAgain() throws IOException {
    sixBegunAndStopped();
    upstream.state("SUCCEEDED");
    try (MoongateHarness moongate =
        MoongateHarness.start(home, accounts(), MoongateHarness.settings())) {
      awaitEnds(moongate);
    }
    assertThat(upstream.submits()).isEqualTo(6);
    try (MoongateHarness moongate = MoongateHarness.restored(copy, accounts())) {
      awaitEnds(moongate);
      assertThat(states(moongate))
          .containsExactly(
              "SUCCEEDED", "SUCCEEDED", "SUCCEEDED", "SUCCEEDED", "SUCCEEDED", "UNRESOLVED");
      assertThat(moongate.rows("SELECT task FROM orphan_task")).containsExactly("task-6");
      assertThat(moongate.generate(BODY).status()).isEqualTo(200);
    }
    assertThat(upstream.submits()).isEqualTo(7);
  }

  /** An hour later, when all have waited too long, at a provider that does not list at first. */
  private MoongateHarness restoredLate() {
    upstream.listStatus(503);
    MoongateHarness moongate =
        MoongateHarness.started(
            copy,
            accounts(),
            Key.generate(new SecureRandom()),
            settings ->
                Gateway.start(
                    settings, Clock.offset(Clock.systemUTC(), Duration.ofHours(1)), true));
    Await.until("the list was asked for", () -> upstream.lists() > 0);
    upstream.listStatus(200);
    return moongate;
  }

  @Test
  void whatMayHaveBeenSubmittedEndsAsUnknownThoughItHasWaitedTooLong() throws IOException {
    sixBegunAndStopped();
    upstream.state("SUCCEEDED");
    try (MoongateHarness moongate =
        MoongateHarness.start(home, accounts(), MoongateHarness.settings())) {
      awaitEnds(moongate);
    }
    try (MoongateHarness moongate = restoredLate()) {
      awaitEnds(moongate);
      assertThat(states(moongate)).endsWith("UNRESOLVED").hasSize(6);
    }
    assertThat(upstream.submits()).isEqualTo(6);
  }

  @Test
  void whatFailsBeforeTheListsWereReadIsNotSaidToHaveCostNothing() throws IOException {
    oneThatFailedAndWasMadeAfterTheCopy();
    try (MoongateHarness moongate = restoredLate()) {
      awaitEnds(moongate);
      assertUnknownAndNotCharged(moongate);
    }
    assertThat(upstream.submits()).isEqualTo(2);
  }

  @Test
  void whatCannotHaveBeenSubmittedGoesOn() throws IOException {
    sixBegunAndStopped();
    upstream.state("SUCCEEDED");
    try (MoongateHarness moongate = MoongateHarness.restored(copy, accounts())) {
      awaitEnds(moongate);
      assertThat(states(moongate)).containsOnly("SUCCEEDED");
    }
    assertThat(upstream.submits()).isEqualTo(6);
  }

  /** One that runs, as a stopped gateway left it, and then failed, ran again and was made. */
  private void oneThatFailedAndWasMadeAfterTheCopy() throws IOException {
    upstream.state("RUNNING");
    try (MoongateHarness moongate =
        MoongateHarness.start(home, accounts(), MoongateHarness.settings())) {
      moongate.generate(BODY, "Prefer", "respond-async");
      Await.until("it runs", () -> states(moongate).equals(List.of("SUBMITTED")));
    }
    MoongateHarness.copyDatabase(home, copy);
    firstTaskFails();
    upstream.state("SUCCEEDED");
    try (MoongateHarness moongate =
        MoongateHarness.start(home, accounts(), MoongateHarness.settings())) {
      awaitEnds(moongate);
      assertThat(moongate.rows("SELECT task FROM generation")).containsExactly("task-2");
    }
    assertThat(upstream.submits()).isEqualTo(2);
  }

  private void firstTaskFails() {
    firstTaskSays("FAILED\",\"code\":\"InternalError\",\"message\":\"oops");
  }

  private void firstTaskSays(String status) {
    upstream
        .http()
        .respond(
            DashScopeScripts.TASK,
            StandInUpstream.json(
                200,
                "{\"request_id\":\"p\",\"output\":{\"task_id\":\"task-1\",\"task_status\":\"%s\"}}"
                    .formatted(status)));
  }

  private static void assertUnknownAndNotCharged(MoongateHarness moongate) {
    assertThat(states(moongate).getFirst()).isEqualTo("UNRESOLVED");
    String id = moongate.rows("SELECT id FROM generation ORDER BY id").getFirst();
    assertThat(
            moongate.rows(
                "SELECT kind FROM ledger WHERE generation_id = '" + id + "' ORDER BY kind"))
        .containsExactly("HOLD", "RELEASE", "SUSPECTED_COST");
    assertThat(moongate.rows("SELECT outcome FROM attempt WHERE task = 'task-1'"))
        .containsExactly("FAILED_UNBILLED");
  }

  private static String since(MoongateHarness moongate) {
    return moongate.rows("SELECT value FROM setting WHERE name = 'restoring-since'").getFirst();
  }

  @Test
  void whatRanInTheCopyAndHasFailedIsNotSubmittedOnceMoreIfItMayHaveBeen() throws IOException {
    oneThatFailedAndWasMadeAfterTheCopy();
    try (MoongateHarness moongate = MoongateHarness.restored(copy, accounts())) {
      awaitEnds(moongate);
      assertUnknownAndNotCharged(moongate);
    }
    assertThat(upstream.submits()).isEqualTo(2);
  }

  @Test
  void whatFailsLongAfterTheListsWereReadIsNotSubmittedOnceMoreEither() throws IOException {
    oneThatFailedAndWasMadeAfterTheCopy();
    firstTaskSays("RUNNING");
    try (MoongateHarness moongate = MoongateHarness.restored(copy, accounts())) {
      assertThat(moongate.generate(BODY).status()).isEqualTo(200);
      assertThat(since(moongate)).isNotEqualTo("no");
    }
    try (MoongateHarness moongate =
        MoongateHarness.start(copy, accounts(), MoongateHarness.settings())) {
      assertThat(moongate.generate(BODY).status()).isEqualTo(200);
      firstTaskFails();
      awaitEnds(moongate);
      assertUnknownAndNotCharged(moongate);
      Await.until("the restoration is over", () -> since(moongate).equals("no"));
    }
    assertThat(upstream.submits()).isEqualTo(4);
  }

  @Test
  void whatFailsAndCannotHaveBeenSubmittedAgainGoesBackToTheQueue() throws IOException {
    sixBegunAndStopped();
    upstream.state("SUCCEEDED");
    firstTaskFails();
    try (MoongateHarness moongate = MoongateHarness.restored(copy, accounts())) {
      awaitEnds(moongate);
      assertThat(states(moongate)).containsOnly("SUCCEEDED");
    }
    assertThat(upstream.submits()).isEqualTo(7);
  }

  @Test
  void databaseThatFailsInTheMiddleOnlyDelaysIt() throws IOException {
    sixBegunAndStopped();
    upstream.state("SUCCEEDED");
    AtomicInteger looks = new AtomicInteger();
    try (MoongateHarness moongate =
        MoongateHarness.started(
            copy,
            accounts(),
            Key.generate(new SecureRandom()),
            settings ->
                SeamedGateway.startRestored(
                    settings, Clock.systemUTC(), rows -> failingAtFirst(rows, looks)))) {
      awaitEnds(moongate);
      assertThat(states(moongate)).containsOnly("SUCCEEDED");
      Await.until("the restoration is over", () -> since(moongate).equals("no"));
    }
    assertThat(looks.get()).isGreaterThan(2);
    assertThat(upstream.submits()).isEqualTo(6);
  }

  private static GenerationRows failingAtFirst(GenerationRows rows, AtomicInteger looks) {
    return Seam.around(
        GenerationRows.class,
        rows,
        "find",
        (real, _) -> {
          if (looks.incrementAndGet() <= 2) {
            throw new GatewayException(ErrorCode.STORE_UNAVAILABLE, "not now");
          }
          return real.call();
        });
  }

  @Test
  void stopEndsTheSearchForWhatTheCopyDoesNotKnow() throws IOException {
    sixBegunAndStopped();
    upstream.listStatus(503);
    try (MoongateHarness _ = MoongateHarness.restored(copy, accounts())) {
      Await.until("the list was asked for", () -> upstream.lists() > 0);
      assertThat(virtualThreads()).contains("restoration");
    }
    Await.until("the search has ended", () -> !virtualThreads().contains("\"restoration\""));
  }

  private String virtualThreads() {
    try {
      Path dump = Files.createTempDirectory(home, "threads").resolve("dump.json");
      ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
          .dumpThreads(dump.toString(), HotSpotDiagnosticMXBean.ThreadDumpFormat.JSON);
      return Files.readString(dump);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void nothingIsSubmittedWhileTheListCannotBeHadEvenOverARestart() throws IOException {
    sixBegunAndStopped();
    upstream.state("SUCCEEDED").listStatus(503);
    try (MoongateHarness moongate = MoongateHarness.restored(copy, accounts())) {
      Await.until("the list was asked for", () -> upstream.lists() > 0);
      Await.until(
          "the five are home",
          () -> states(moongate).stream().filter("SUCCEEDED"::equals).count() == 5);
      assertThat(upstream.submits()).isEqualTo(5);
    }
    upstream.listStatus(200);
    try (MoongateHarness moongate =
        MoongateHarness.start(copy, accounts(), MoongateHarness.settings())) {
      awaitEnds(moongate);
    }
    assertThat(upstream.submits()).isEqualTo(6);
  }

  @Test
  void listIsReadNoFurtherBackThanWhatIsOldestInTheCopy() throws IOException {
    long now = Clock.systemUTC().millis();
    for (int i = 0; i < 10; i++) {
      upstream.stranger("older-" + i, "id-of-somebody", now - 3_600_000 + i);
    }
    sixBegunAndStopped();
    upstream.state("SUCCEEDED").largestPage(5);
    int listsBefore = upstream.lists();
    try (MoongateHarness moongate = MoongateHarness.restored(copy, accounts())) {
      Await.until("the list was read", () -> upstream.submits() == 6);
      // Five of ours; five of the others, and no more of them.
      assertThat(moongate.rows("SELECT 1 FROM orphan_task")).hasSize(5);
    }
    assertThat(upstream.lists() - listsBefore).isGreaterThanOrEqualTo(2);
  }

  @Test
  void whatWaitedInACopyOfTheDayBeforeIsNotSubmittedSinceNoListTellsAnyMore() throws IOException {
    sixBegunAndStopped();
    upstream.state("SUCCEEDED");
    try (MoongateHarness moongate =
        MoongateHarness.start(home, accounts(), MoongateHarness.settings())) {
      awaitEnds(moongate);
    }
    upstream.forget();
    ShiftedClock clock = new ShiftedClock();
    clock.advance(Duration.ofHours(25));
    try (MoongateHarness moongate =
        MoongateHarness.started(
            copy,
            accounts(),
            Key.generate(new SecureRandom()),
            settings -> SeamedGateway.startRestored(settings, clock, UnaryOperator.identity()))) {
      Await.until(
          "it has ended",
          () -> !states(moongate).contains("ADMITTED") && !states(moongate).contains("SUBMITTED"));
      assertThat(states(moongate).getLast()).isEqualTo("UNRESOLVED");
    }
    assertThat(upstream.submits()).isEqualTo(6);
  }
}
