package dev.moongate.generation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moongate.error.ErrorCode;
import dev.moongate.generation.GenerationRows.AttemptOutcome;
import dev.moongate.generation.GenerationRows.Fault;
import dev.moongate.provider.Refusal;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SetbacksTest {
  private static final int MOST = 2;

  private static final Fault NOT_SENT = new Fault(AttemptOutcome.NOT_SENT, "NotSent");
  private static final Fault LATE =
      new Fault(AttemptOutcome.NOT_SENT, Setbacks.late().vendorCode());
  private static final Fault DISPROVED =
      new Fault(AttemptOutcome.DISPROVED, Setbacks.neverArrived(false).vendorCode());
  private static final Fault DIED =
      new Fault(AttemptOutcome.DISPROVED, Setbacks.neverArrived(true).vendorCode());

  private static final Refusal THROTTLED =
      new Refusal(
          Refusal.Next.THROTTLED, ErrorCode.RATE_LIMIT_EXCEEDED, "slow", "Throttling", null, null);

  private static boolean enough(List<Fault> had, Fault now) {
    Refusal refusal =
        Stream.of(
                Setbacks.unreachable(),
                Setbacks.late(),
                Setbacks.neverArrived(false),
                Setbacks.neverArrived(true))
            .filter(one -> one.vendorCode().equals(now.reason()))
            .findFirst()
            .orElseThrow();
    return new Setbacks(had).enough(refusal, now.outcome(), MOST);
  }

  @Test
  void whatCouldNotBeSentIsTriedAgainTwice() {
    assertThat(enough(List.of(NOT_SENT), NOT_SENT)).isFalse();
    assertThat(enough(List.of(NOT_SENT, NOT_SENT), NOT_SENT)).isTrue();
  }

  @Test
  void doubtIsGoneThroughTwiceAtMost() {
    assertThat(enough(List.of(NOT_SENT), DISPROVED)).isFalse();
    assertThat(enough(List.of(DISPROVED), DISPROVED)).isTrue();
  }

  @Test
  void whatTheGatewayBroughtAboutIsNotHeldAgainstTheRequest() {
    assertThat(enough(List.of(DIED, DIED, LATE, LATE, LATE), NOT_SENT)).isFalse();
    assertThat(enough(List.of(DIED, DIED, LATE, LATE, LATE), DISPROVED)).isFalse();
    assertThat(enough(List.of(NOT_SENT, NOT_SENT, LATE, LATE, LATE), LATE)).isFalse();
    assertThat(
            new Setbacks(List.of(NOT_SENT, DIED, LATE))
                .pause(Setbacks.unreachable(), AttemptOutcome.NOT_SENT, 4))
        .isEqualTo(Duration.ofSeconds(2));
  }

  @Test
  void gatewayThatIsTooSlowTriesLessAndLessOftenAndNotForEver() {
    assertThat(
            new Setbacks(List.of(NOT_SENT, NOT_SENT))
                .pause(Setbacks.late(), AttemptOutcome.NOT_SENT, 9))
        .isEqualTo(Duration.ofSeconds(1));
    assertThat(
            new Setbacks(List.of(LATE, LATE, NOT_SENT))
                .pause(Setbacks.late(), AttemptOutcome.NOT_SENT, 9))
        .isEqualTo(Duration.ofSeconds(4));
    assertThat(
            new Setbacks(Collections.nCopies(29, LATE))
                .pause(Setbacks.late(), AttemptOutcome.NOT_SENT, 9))
        .isEqualTo(Duration.ofSeconds(32));
    assertThat(enough(Collections.nCopies(29, LATE), LATE)).isFalse();
    assertThat(enough(Collections.nCopies(30, LATE), LATE)).isTrue();
  }

  @Test
  void requestThatTheGatewayDiesOverTimeAndAgainEnds() {
    assertThat(enough(List.of(NOT_SENT, NOT_SENT, DISPROVED, DIED, DIED, DIED, DIED), DIED))
        .isFalse();
    assertThat(enough(List.of(DIED, DIED, DIED, DIED, DIED), DIED)).isTrue();
  }

  @Test
  void throttlingIsNoFault() {
    assertThat(
            new Setbacks(List.of(NOT_SENT, NOT_SENT, DISPROVED))
                .enough(THROTTLED, AttemptOutcome.THROTTLED, MOST))
        .isFalse();
  }

  @Test
  void throttledTaskWaitsLongerWithEveryTryAndThrottledSubmitForItsAccount() {
    Setbacks none = new Setbacks(List.of());
    assertThat(Stream.of(1, 2, 3, 6, 99))
        .extracting(tries -> none.pause(THROTTLED, AttemptOutcome.FAILED_UNBILLED, tries))
        .extracting(Duration::toSeconds)
        .containsExactly(1L, 2L, 4L, 32L, 32L);
    assertThat(none.pause(THROTTLED, AttemptOutcome.THROTTLED, 99))
        .isEqualTo(Duration.ofSeconds(1));
  }
}
