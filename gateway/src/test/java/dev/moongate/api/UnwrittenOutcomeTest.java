package dev.moongate.api;

import static dev.moongate.testing.FailingRows.Way.FOR_GOOD;
import static dev.moongate.testing.FailingRows.Way.UNAVAILABLE;
import static dev.moongate.testing.FailingRows.Way.WRITTEN_UNHEARD;
import static org.assertj.core.api.Assertions.assertThat;

import dev.moongate.provider.ImageProvider;
import dev.moongate.provider.ImageProvider.Mode;
import dev.moongate.testing.Attempts;
import dev.moongate.testing.Await;
import dev.moongate.testing.DashScopeScripts;
import dev.moongate.testing.FailingRows;
import dev.moongate.testing.FailingRows.Way;
import dev.moongate.testing.MoongateHarness;
import dev.moongate.testing.MoongateHarness.Answer;
import dev.moongate.testing.StandInUpstream;
import dev.moongate.testing.TaskUpstream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A database that fails at the wrong moment loses no picture and pays for none twice. */
@Timeout(300)
class UnwrittenOutcomeTest {
  private static final String BODY = "{\"model\":\"wan2.7-image-pro\",\"prompt\":\"x\"}";

  @TempDir Path home;
  private final TaskUpstream upstream = new TaskUpstream();
  private final FailingRows rows = new FailingRows();
  private final AtomicBoolean submitBreaks = new AtomicBoolean();
  private MoongateHarness moongate;

  @BeforeEach
  void start() {
    start(Mode.ASYNC);
  }

  @AfterEach
  void stop() {
    moongate.close();
    upstream.close();
  }

  private void start(Mode mode) {
    moongate =
        MoongateHarness.seamed(
            home,
            List.of(MoongateHarness.account(upstream.http().uri(), mode)),
            Clock.systemUTC(),
            rows::around,
            this::breaking);
  }

  /** A provider whose submit may break off after all was sent. */
  private ImageProvider breaking(ImageProvider real) {
    return (ImageProvider)
        Proxy.newProxyInstance(
            ImageProvider.class.getClassLoader(),
            new Class<?>[] {ImageProvider.class},
            (_, method, arguments) -> {
              Object result;
              try {
                result = method.invoke(real, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
              if (method.getName().equals("submit") && submitBreaks.getAndSet(false)) {
                throw new IllegalStateException("made to break");
              }
              return result;
            });
  }

  private CompletableFuture<Answer> ask() {
    return CompletableFuture.supplyAsync(() -> moongate.generate(BODY));
  }

  /** The first request of a gateway, so that the provider's name of its key is known. */
  private void firstOfAll() {
    assertThat(moongate.generate(BODY).status()).isEqualTo(200);
  }

  private void assertPaidOnceEach(int generations) {
    assertThat(upstream.tasks()).hasSize(generations);
    assertThat(moongate.rows("SELECT kind FROM ledger WHERE kind IN ('CHARGE', 'COST')"))
        .hasSize(2 * generations);
    assertThat(moongate.rows("SELECT state FROM generation"))
        .hasSize(generations)
        .containsOnly("SUCCEEDED");
  }

  @Test
  void theKeyWaitsUntilTheTaskIsOnDisk() {
    rows.fail("accepted", UNAVAILABLE, Integer.MAX_VALUE);
    CompletableFuture<Answer> first = ask();
    Await.until("its task cannot be written", () -> rows.failed() >= 2);
    CompletableFuture<Answer> second = ask();
    Await.until("the second waits", () -> moongate.rows("SELECT 1 FROM generation").size() == 2);
    int before = rows.failed();
    Await.until("it was tried again and again", () -> rows.failed() >= before + 2);
    assertThat(upstream.submits()).isEqualTo(1);
    rows.heal();
    assertThat(first.join().status()).isEqualTo(200);
    assertThat(second.join().status()).isEqualTo(200);
    assertPaidOnceEach(2);
  }

  @ParameterizedTest
  @EnumSource(
      value = Way.class,
      names = {"UNAVAILABLE", "WRITTEN_UNHEARD", "NOT_WRITTEN_UNHEARD"})
  void anIntentIsWrittenOnceAndSentOnce(Way way) {
    rows.fail("intend", way, 2);
    assertThat(moongate.generate(BODY).status()).isEqualTo(200);
    assertThat(upstream.submits()).isEqualTo(1);
    assertThat(attempts()).containsExactly("1|SUCCEEDED|task-1");
  }

  @ParameterizedTest
  @EnumSource(
      value = Way.class,
      names = {"UNAVAILABLE", "WRITTEN_UNHEARD", "NOT_WRITTEN_UNHEARD"})
  void aTaskIsWrittenHoweverTheDatabaseFails(Way way) {
    rows.fail("accepted", way, 2);
    assertThat(moongate.generate(BODY).status()).isEqualTo(200);
    assertThat(Attempts.of(moongate, "reason")).as("it was never in doubt").containsExactly("null");
    assertThat(attempts()).containsExactly("1|SUCCEEDED|task-1");
  }

  @Test
  void aTaskThatCanNeverBeWrittenIsFoundAgain() {
    firstOfAll();
    rows.fail("accepted", FOR_GOOD, 1);
    assertThat(moongate.generate(BODY).status()).isEqualTo(200);
    assertPaidOnceEach(2);
  }

  @Test
  void aSubmitThatBreaksOffIsFoundAgain() {
    firstOfAll();
    submitBreaks.set(true);
    assertThat(moongate.generate(BODY).status()).isEqualTo(200);
    assertPaidOnceEach(2);
  }

  @ParameterizedTest
  @EnumSource(
      value = Way.class,
      names = {"UNAVAILABLE", "WRITTEN_UNHEARD"})
  void aRefusalThatCannotBeWrittenIsKeptInMind(Way way) {
    upstream
        .http()
        .respond(
            DashScopeScripts.ASYNC,
            StandInUpstream.json(429, DashScopeScripts.error("Throttling", "slow down")),
            upstream::submit);
    rows.fail("backToQueue", way, 2);
    assertThat(moongate.generate(BODY).status()).isEqualTo(200);
    assertThat(attempts()).containsExactly("1|THROTTLED|null", "2|SUCCEEDED|task-1");
    assertPaidOnceEach(1);
  }

  @Test
  void aDoubtThatCannotBeWrittenHoldsTheKey() {
    firstOfAll();
    upstream.fates(TaskUpstream.Fate.ACCEPTED_UNANSWERED);
    rows.fail("doubtful", UNAVAILABLE, Integer.MAX_VALUE);
    CompletableFuture<Answer> first = ask();
    Await.until("its doubt cannot be written", () -> rows.failed() >= 2);
    CompletableFuture<Answer> second = ask();
    Await.until("the second waits", () -> moongate.rows("SELECT 1 FROM generation").size() == 3);
    int before = rows.failed();
    Await.until("it was tried again and again", () -> rows.failed() >= before + 2);
    assertThat(upstream.submits()).isEqualTo(2);
    rows.heal();
    assertThat(first.join().status()).isEqualTo(200);
    assertThat(second.join().status()).isEqualTo(200);
    assertPaidOnceEach(3);
  }

  @Test
  void anAdoptionThatWasWrittenUnheardLetsTheKeyGo() {
    firstOfAll();
    upstream.fates(TaskUpstream.Fate.ACCEPTED_UNANSWERED);
    rows.fail("adopted", WRITTEN_UNHEARD, 1);
    assertThat(moongate.generate(BODY).status()).isEqualTo(200);
    assertThat(moongate.generate(BODY).status()).isEqualTo(200);
    assertPaidOnceEach(3);
  }

  @Test
  void stoppingMeanwhileDoesNotWaitForTheDatabaseAndTheNextStartFindsTheTask() {
    firstOfAll();
    rows.fail("accepted", UNAVAILABLE, Integer.MAX_VALUE);
    CompletableFuture<Answer> lost = ask();
    Await.until("its task cannot be written", () -> rows.failed() >= 2);
    long asked = System.nanoTime();
    moongate.close();
    assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(Duration.ofMinutes(1));
    assertThat(lost.join().error()).isEqualTo("503 shutting_down");
    rows.heal();
    start(Mode.ASYNC);
    Await.until(
        "all have ended",
        () -> moongate.rows("SELECT 1 FROM generation WHERE state = 'SUCCEEDED'").size() == 2);
    assertPaidOnceEach(2);
  }

  @Test
  void picturesOfASynchronousAnswerAreKeptInMind() {
    moongate.close();
    start(Mode.SYNC);
    upstream
        .http()
        .respond(
            DashScopeScripts.SYNC,
            StandInUpstream.json(
                200, DashScopeScripts.succeeded(List.of(upstream.http().url("/picture.png")))));
    rows.fail("announced", UNAVAILABLE, 2);
    assertThat(moongate.generate(BODY).status()).isEqualTo(200);
    assertThat(upstream.http().received(DashScopeScripts.SYNC)).hasSize(1);
  }

  private List<String> attempts() {
    return Attempts.of(moongate, "nth, outcome, task");
  }
}
