package dev.moongate.api;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import dev.moongate.HomeDatabase;
import dev.moongate.db.DoubtTable;
import dev.moongate.generation.OrphanSweep;
import dev.moongate.provider.ApiKey;
import dev.moongate.provider.Egress;
import dev.moongate.provider.HttpCalls;
import dev.moongate.provider.ImageProvider;
import dev.moongate.provider.ImageProvider.Mode;
import dev.moongate.provider.TaskListing;
import dev.moongate.provider.dashscope.DashScopeProvider;
import dev.moongate.routing.Account;
import dev.moongate.routing.AccountLane;
import dev.moongate.settings.MoongateSettings.AccountSettings;
import dev.moongate.testing.Await;
import dev.moongate.testing.DashScopeScripts;
import dev.moongate.testing.Log;
import dev.moongate.testing.MoongateHarness;
import dev.moongate.testing.Seam;
import dev.moongate.testing.SettableClock;
import dev.moongate.testing.TaskUpstream;
import dev.moongate.testing.TaskUpstream.Fate;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A task that ran with our credentials and that no attempt knows is written down and told once. */
@Timeout(300)
class OrphanSweepTest {
  private static final String BODY = "{\"model\":\"wan2.7-image-pro\",\"prompt\":\"x\"}";

  @TempDir private Path home;
  private final TaskUpstream upstream = new TaskUpstream();
  private final SettableClock clock = new SettableClock();
  private final HttpCalls calls = new HttpCalls(Egress.DIRECT);
  private final Log log = Log.of(OrphanSweep.class);
  private MoongateHarness moongate;
  private HomeDatabase database;

  @BeforeEach
  void start() throws IOException {
    clock.set(Clock.systemUTC().instant());
    startGateway();
    database = moongate.database();
  }

  @AfterEach
  void stop() {
    log.close();
    moongate.close();
    database.close();
    calls.close();
    upstream.close();
  }

  private void startGateway() {
    moongate =
        MoongateHarness.start(
            home, List.of(settings("beijing", "sk-a")), MoongateHarness.settings());
  }

  private AccountSettings settings(String name, String... keys) {
    AccountSettings usual = MoongateHarness.account(upstream.http().uri(), Mode.ASYNC);
    return new AccountSettings(
        name,
        usual.provider(),
        usual.baseUrl(),
        Stream.of(keys).map(ApiKey::new).toList(),
        usual.mode(),
        usual.limits(),
        usual.imageHosts());
  }

  private AccountLane lane(String name, Mode mode, Account.Limits limits, String... keys) {
    AccountSettings settings = settings(name, keys);
    return new AccountLane(
        new Account(
            name,
            settings.provider(),
            new DashScopeProvider(settings.baseUrl(), mode, calls, clock),
            settings.keys(),
            limits,
            List.of(),
            false,
            java.util.Map.of(),
            mode.submitTimeout()),
        List.of());
  }

  private AccountLane lane(String... keys) {
    return lane("beijing", Mode.ASYNC, Account.Limits.DASHSCOPE, keys);
  }

  private OrphanSweep sweepOf(AccountLane... lanes) {
    return new OrphanSweep(List.of(lanes), new DoubtTable(database.database()), clock);
  }

  private void stranger(String id, String key, Duration age) {
    upstream.stranger(id, key, clock.instant().minus(age).toEpochMilli());
  }

  private List<String> orphans() {
    return moongate.rows("SELECT account, task, api_key_id FROM orphan_task ORDER BY task");
  }

  private List<String> warnings() {
    return log.events().stream()
        .filter(event -> event.getLevel() == Level.WARN)
        .map(ILoggingEvent::getFormattedMessage)
        .toList();
  }

  @Test
  void taskThatNoAttemptKnowsIsWrittenDownAndToldOnce() {
    assertThat(moongate.generate(BODY).status()).isEqualTo(200);
    stranger("leaked", "id-of-sk-a", Duration.ofHours(3));
    OrphanSweep sweep = sweepOf(lane("sk-a"));
    sweep.sweep();
    sweep.sweep();
    sweepOf(lane("sk-a")).sweep();
    assertThat(orphans()).containsExactly("beijing|leaked|id-of-sk-a");
    assertThat(warnings())
        .singleElement()
        .asString()
        .startsWith("account beijing ran task leaked of ")
        .endsWith(", which no attempt knows; is its key used elsewhere?");
  }

  @Test
  void tasksOfOurAttemptsAreNoOrphansAndTellTheirCredentialsName() {
    assertThat(moongate.generate(BODY).status()).isEqualTo(200);
    clock.advance(Duration.ofMinutes(5));
    sweepOf(lane("sk-a")).sweep();
    assertThat(orphans()).isEmpty();
    assertThat(moongate.rows("SELECT api_key_id FROM provider_key")).containsExactly("id-of-sk-a");
  }

  @Test
  void taskOfACredentialThatIsNotOursIsNoneOfOurBusiness() {
    assertThat(moongate.generate(BODY).status()).isEqualTo(200);
    stranger("theirs", "id-of-somebody", Duration.ofHours(1));
    sweepOf(lane("sk-a")).sweep();
    assertThat(orphans()).isEmpty();
  }

  @Test
  void whileOneOfOurCredentialsHasNoNameYetATaskMayBeIts() {
    assertThat(moongate.generate(BODY).status()).isEqualTo(200);
    stranger("whose", "id-of-sk-b", Duration.ofHours(1));
    sweepOf(lane("sk-a", "sk-b")).sweep();
    assertThat(orphans()).containsExactly("beijing|whose|id-of-sk-b");
  }

  @Test
  void youngTaskIsLeftAloneUntilItIsTwoMinutesOld() {
    OrphanSweep sweep = sweepOf(lane("sk-a"));
    stranger("young", "id-of-sk-a", Duration.ofSeconds(110));
    sweep.sweep();
    assertThat(orphans()).isEmpty();
    clock.advance(Duration.ofSeconds(11));
    sweep.sweep();
    assertThat(orphans()).containsExactly("beijing|young|id-of-sk-a");
  }

  @Test
  void nothingIsCalledAnOrphanWhileASubmitIsInDoubt() {
    upstream.listStatus(503).fates(Fate.ACCEPTED_UNANSWERED);
    moongate.generate(BODY, "Prefer", "respond-async");
    Await.until(
        "it is in doubt",
        () -> moongate.rows("SELECT state FROM generation").contains("UNCERTAIN"));
    moongate.close();
    upstream.listStatus(200);
    clock.advance(Duration.ofMinutes(5));
    OrphanSweep sweep = sweepOf(lane("sk-a"));
    sweep.sweep();
    assertThat(orphans()).isEmpty();
    startGateway();
    Await.until(
        "it was found", () -> moongate.rows("SELECT state FROM generation").contains("SUCCEEDED"));
    sweep.sweep();
    assertThat(orphans()).isEmpty();
    stranger("leaked", "id-of-sk-a", Duration.ofMinutes(3));
    sweep.sweep();
    assertThat(orphans()).containsExactly("beijing|leaked|id-of-sk-a");
  }

  @Test
  void nothingIsCalledAnOrphanWhileASubmitIsUnderWay() {
    CountDownLatch answer = new CountDownLatch(1);
    upstream
        .http()
        .respond(
            DashScopeScripts.ASYNC,
            (_, reply) -> {
              answer.await();
              reply.close();
            });
    moongate.generate(BODY, "Prefer", "respond-async");
    Await.until(
        "it is being submitted",
        () -> moongate.rows("SELECT state FROM generation").contains("DISPATCHING"));
    stranger("leaked", "id-of-sk-a", Duration.ofHours(1));
    OrphanSweep sweep = sweepOf(lane("sk-a"));
    sweep.sweep();
    assertThat(orphans()).isEmpty();
    answer.countDown();
  }

  @Test
  void listThatCannotBeHadIsAskedForAgainAndNotComplainedOf() {
    stranger("leaked", "id-of-sk-a", Duration.ofHours(1));
    OrphanSweep sweep = sweepOf(lane("sk-a"));
    upstream.listStatus(503);
    sweep.sweep();
    assertThat(orphans()).isEmpty();
    assertThat(warnings()).isEmpty();
    upstream.listStatus(200);
    sweep.sweep();
    assertThat(orphans()).hasSize(1);
  }

  @Test
  void accountWithMoreTasksADayThanAListIsReadOfIsSearchedFromNowOn() {
    stranger("long-ago", "id-of-sk-a", Duration.ofHours(2));
    stranger("leaked", "id-of-sk-a", Duration.ofMinutes(20));
    upstream.largestPage(1);
    OrphanSweep sweep = sweepOf(busyLane());
    sweep.sweep();
    assertThat(orphans()).isEmpty();
    assertThat(warnings()).singleElement().asString().contains("too many tasks to list");
    clock.advance(Duration.ofMinutes(5));
    sweep.sweep();
    assertThat(orphans()).contains("beijing|leaked|id-of-sk-a");
  }

  /** Its list is too long to be read further back than an hour. */
  private AccountLane busyLane() {
    Account usual = lane("sk-a").account();
    ImageProvider busy =
        Seam.around(
            ImageProvider.class,
            usual.api(),
            "tasks",
            (real, arguments) ->
                ((Instant) arguments[0]).isBefore(clock.instant().minus(Duration.ofHours(1)))
                    ? new TaskListing.Unlisted("more than it reads", TaskListing.Why.TOO_LONG)
                    : real.call());
    return new AccountLane(
        new Account(
            usual.name(),
            usual.provider(),
            busy,
            usual.keys(),
            usual.limits(),
            usual.imageHosts(),
            usual.secure(),
            usual.costs(),
            usual.submitTimeout()),
        List.of());
  }

  @Test
  void taskOfAnotherAccountOfOursIsNoOrphan() {
    assertThat(moongate.generate(BODY).status()).isEqualTo(200);
    clock.advance(Duration.ofMinutes(5));
    sweepOf(lane("sk-a"), lane("second", Mode.ASYNC, Account.Limits.DASHSCOPE, "sk-b")).sweep();
    assertThat(orphans()).isEmpty();
  }

  @Test
  void synchronousAccountHasNoTasksToSearch() {
    sweepOf(lane("beijing", Mode.SYNC, Account.Limits.DASHSCOPE, "sk-a")).sweep();
    assertThat(upstream.lists()).isZero();
  }

  @Test
  void accountThatNeedsItsPollsIsSearchedLater() {
    stranger("leaked", "id-of-sk-a", Duration.ofHours(1));
    AccountLane lane = lane("beijing", Mode.ASYNC, new Account.Limits(5, 5, 1), "sk-a");
    var poll = lane.polls().tryBegin(clock.instant()).orElseThrow();
    OrphanSweep sweep = sweepOf(lane);
    sweep.sweep();
    assertThat(upstream.lists()).isZero();
    poll.answered(clock.instant());
    clock.advance(Duration.ofSeconds(1));
    sweep.sweep();
    assertThat(orphans()).hasSize(1);
  }

  @Test
  void firstSweepReadsNoFurtherBackThanAListIsReliedOn() {
    for (int hours : List.of(28, 27, 26, 25, 2, 1)) {
      stranger("made-" + hours + "-hours-ago", "id-of-sk-a", Duration.ofHours(hours));
    }
    upstream.largestPage(2);
    sweepOf(lane("sk-a")).sweep();
    assertThat(upstream.lists()).isEqualTo(2);
    assertThat(orphans())
        .contains("beijing|made-1-hours-ago|id-of-sk-a", "beijing|made-2-hours-ago|id-of-sk-a");
  }
}
