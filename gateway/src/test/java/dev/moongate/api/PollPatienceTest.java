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
@Timeout(120)
class PollPatienceTest {
  private static final String BODY = "{\"model\":\"wan2.7-image-pro\",\"prompt\":\"x\"}";

  @TempDir private Path home;
  private final ShiftedClock clock = new ShiftedClock();
  private final TaskUpstream upstream = new TaskUpstream().clock(clock);
  private MoongateHarness moongate;

  @BeforeEach
  void start() {
    moongate =
        MoongateHarness.seamed(
            home,
            List.of(MoongateHarness.account(upstream.http().uri(), Mode.ASYNC)),
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
}
