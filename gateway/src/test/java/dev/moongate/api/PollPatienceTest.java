package dev.moongate.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moongate.provider.ImageProvider.Mode;
import dev.moongate.testing.Await;
import dev.moongate.testing.DashScopeScripts;
import dev.moongate.testing.MoongateHarness;
import dev.moongate.testing.MoongateHarness.Answer;
import dev.moongate.testing.ShiftedClock;
import dev.moongate.testing.StandInUpstream;
import dev.moongate.testing.TaskUpstream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A paid task is given up only after the provider has said for long that it has nothing. */
@Timeout(300)
class PollPatienceTest {
  private static final String BODY = "{\"model\":\"wan2.7-image-pro\",\"prompt\":\"x\"}";

  @TempDir private Path home;
  private final ShiftedClock clock = new ShiftedClock();
  private final TaskUpstream upstream = new TaskUpstream().clock(clock);
  private MoongateHarness moongate;

  @BeforeEach
  void start() {
    start(Mode.ASYNC);
  }

  private void start(Mode mode) {
    moongate =
        MoongateHarness.seamed(
            home,
            List.of(MoongateHarness.account(upstream.http().uri(), mode)),
            clock,
            UnaryOperator.identity(),
            UnaryOperator.identity());
  }

  @AfterEach
  void stop() {
    moongate.close();
    upstream.close();
  }

  private CompletableFuture<Answer> ask() {
    return CompletableFuture.supplyAsync(() -> moongate.generate(BODY));
  }

  private int polls() {
    return upstream.http().received(DashScopeScripts.TASK).size();
  }

  private void awaitPolls(int more) {
    int before = polls();
    Await.until("it was polled again", () -> polls() >= before + more);
  }

  private void awaitState(String state) {
    Await.until(
        "it is " + state, () -> moongate.rows("SELECT state FROM generation").contains(state));
  }

  @Test
  void oneUnknownAfterALongWaitEndsNothing() {
    upstream.state("PENDING");
    CompletableFuture<Answer> answer = ask();
    awaitPolls(1);
    clock.advance(Duration.ofMinutes(11));
    upstream.state("UNKNOWN");
    awaitPolls(2);
    upstream.state("SUCCEEDED");
    assertThat(answer.join().status()).isEqualTo(200);
  }

  @Test
  void anUnknownThatWasInterruptedBeginsAnew() {
    upstream.state("UNKNOWN");
    CompletableFuture<Answer> answer = ask();
    awaitPolls(2);
    upstream.state("RUNNING");
    awaitPolls(2);
    clock.advance(Duration.ofMinutes(11));
    upstream.state("UNKNOWN");
    awaitPolls(2);
    upstream.state("SUCCEEDED");
    assertThat(answer.join().status()).isEqualTo(200);
  }

  @Test
  void tenMinutesOfNothingButUnknownEndIt() {
    upstream.state("UNKNOWN");
    CompletableFuture<Answer> answer = ask();
    awaitPolls(2);
    clock.advance(Duration.ofMinutes(11));
    assertThat(answer.join().error()).isEqualTo("504 outcome_unknown");
  }

  @Test
  void pollThatGoesUnansweredAtTheFirstLookAfterADayEndsNothing() {
    upstream.state("RUNNING");
    moongate.generate(BODY, "Prefer", "respond-async");
    awaitPolls(1);
    moongate.close();
    clock.advance(Duration.ofHours(25));
    upstream
        .http()
        .respond(
            DashScopeScripts.TASK,
            StandInUpstream.hangUp(),
            StandInUpstream.json(
                200, DashScopeScripts.succeeded(List.of(upstream.http().url("/picture.png")))));
    start();
    awaitState("SUCCEEDED");
  }

  @Test
  void afterADayTenMinutesWithoutAnEndAreTheEnd() {
    upstream.state("RUNNING");
    moongate.generate(BODY, "Prefer", "respond-async");
    awaitPolls(1);
    clock.advance(Duration.ofHours(25));
    awaitPolls(2);
    assertThat(moongate.rows("SELECT state FROM generation")).containsExactly("SUBMITTED");
    clock.advance(Duration.ofMinutes(11));
    awaitState("UNRESOLVED");
  }

  private static StandInUpstream.Handler withoutPictures(String imageCount) {
    return StandInUpstream.json(
        200,
        DashScopeScripts.succeeded(List.of())
            .replace("\"image_count\":0", "\"image_count\":" + imageCount));
  }

  /** An answer that is waited for while polls of its task say this. */
  private CompletableFuture<Answer> askAndPoll(StandInUpstream.Handler... polls) {
    upstream.state("RUNNING");
    CompletableFuture<Answer> answer =
        CompletableFuture.supplyAsync(() -> moongate.generate(BODY, "Idempotency-Key", "once"));
    awaitPolls(1);
    upstream.http().respond(DashScopeScripts.TASK, polls);
    awaitPolls(1);
    return answer;
  }

  private List<String> ledger() {
    return moongate.rows("SELECT kind, amount FROM ledger ORDER BY kind");
  }

  @Test
  void successWithoutPicturesIsAskedAgainUntilTheyAreThere() {
    CompletableFuture<Answer> answer =
        askAndPoll(
            withoutPictures("1"),
            withoutPictures("1"),
            StandInUpstream.json(
                200, DashScopeScripts.succeeded(List.of(upstream.http().url("/picture.png")))));
    assertThat(answer.join().status()).isEqualTo(200);
    assertThat(ledger()).containsExactly("CHARGE|500000", "COST|500000", "HOLD|500000");
  }

  @Test
  void picturesThatWereMadeAndNeverGivenAreLostAndTheirCostIsBooked() {
    CompletableFuture<Answer> answer = askAndPoll(withoutPictures("1"));
    // One that was on its way before tells nothing, and the last may not have been read yet.
    awaitPolls(2);
    int before = polls();
    clock.advance(Duration.ofSeconds(21));
    assertThat(answer.join().error()).isEqualTo("502 image_lost");
    assertThat(polls() - before).isLessThan(5);
    assertThat(answer.join().header("x-should-retry")).isEqualTo("false");
    assertThat(ledger()).containsExactly("COST|500000", "HOLD|500000", "RELEASE|500000");
    assertThat(moongate.generate(BODY, "Idempotency-Key", "once").error())
        .isEqualTo("502 image_lost");
    assertThat(moongate.generate(BODY, "X-Stainless-Retry-Count", "1").error())
        .isEqualTo("502 image_lost");
    assertThat(upstream.submits()).isEqualTo(1);
    assertThat(moongate.violations()).isEmpty();
  }

  @Test
  void picturesOfWhichNobodySaysHowManyAreASuspectedCost() {
    CompletableFuture<Answer> answer = askAndPoll(withoutPictures("null"));
    // One that was on its way before tells nothing, and the last may not have been read yet.
    awaitPolls(2);
    clock.advance(Duration.ofMinutes(2));
    assertThat(answer.join().error()).isEqualTo("502 image_lost");
    assertThat(ledger()).containsExactly("HOLD|500000", "RELEASE|500000", "SUSPECTED_COST|500000");
    assertThat(moongate.violations()).isEmpty();
  }

  @Test
  void successThatBillsNothingMayBeTriedAgain() {
    Answer answer = askAndPoll(withoutPictures("0")).join();
    assertThat(answer.error()).isEqualTo("502 upstream_failed");
    assertThat(answer.header("x-should-retry")).isEqualTo("true");
    assertThat(ledger()).containsExactly("HOLD|500000", "RELEASE|500000");
  }

  @Test
  void synchronousSuccessWithoutPicturesIsLostAtOnce() {
    moongate.close();
    start(Mode.SYNC);
    upstream.http().respond(DashScopeScripts.SYNC, withoutPictures("1"));
    assertThat(moongate.generate(BODY).error()).isEqualTo("502 image_lost");
    assertThat(ledger()).containsExactly("COST|500000", "HOLD|500000", "RELEASE|500000");
    assertThat(moongate.violations()).isEmpty();
  }
}
