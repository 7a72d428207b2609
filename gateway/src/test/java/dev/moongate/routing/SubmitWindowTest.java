package dev.moongate.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SubmitWindowTest {
  private static final Instant T = Instant.parse("2026-11-24T10:00:00Z");

  @Test
  void sixthCallWaitsUntilOneSecondAfterTheAnswerToTheFirst() {
    SubmitWindow window = new SubmitWindow(5, List.of());
    for (int i = 0; i < 5; i++) {
      window.tryBegin(T).orElseThrow().answered(T.plusMillis(100L * i));
    }
    assertThat(window.opensAt()).contains(T.plusMillis(1000));
    assertThat(window.tryBegin(T.plusMillis(999))).isEmpty();
    assertThat(window.tryBegin(T.plusMillis(1000))).isPresent();
    assertThat(window.opensAt()).contains(T.plusMillis(1100));
  }

  @Test
  void unansweredCallsKeepTheirPlaces() {
    SubmitWindow window = new SubmitWindow(2, List.of());
    SubmitWindow.Slot first = window.tryBegin(T).orElseThrow();
    assertThat(window.tryBegin(T)).isPresent();
    assertThat(window.opensAt()).isEmpty();
    assertThat(window.tryBegin(T.plusSeconds(60))).isEmpty();
    first.answered(T.plusSeconds(60));
    assertThat(window.opensAt()).contains(T.plusSeconds(61));
  }

  @Test
  void answersOfAnEarlierProcessCount() {
    SubmitWindow window =
        new SubmitWindow(2, List.of(T.minusMillis(200), T.minusMillis(700), T.minusSeconds(9)));
    assertThat(window.tryBegin(T)).isEmpty();
    assertThat(window.tryBegin(T.plusMillis(300))).isPresent();
    assertThat(window.tryBegin(T.plusMillis(300))).isEmpty();
  }

  @Test
  void answersThatLieAheadBecauseTheClockWasSetBackCountAsOfNow() {
    Instant anHourAhead = T.plus(Duration.ofHours(1));
    SubmitWindow window = new SubmitWindow(2, List.of(anHourAhead, anHourAhead.plusMillis(300)));
    assertThat(window.tryBegin(T)).isEmpty();
    assertThat(window.tryBegin(T.plusMillis(999))).isEmpty();
    assertThat(window.tryBegin(T.plusMillis(1000))).isPresent();
    assertThat(window.tryBegin(T.plusMillis(1000))).isPresent();
  }

  @Test
  void noLimitLetsEverythingThrough() {
    SubmitWindow window = new SubmitWindow(null, List.of());
    for (int i = 0; i < 100; i++) {
      assertThat(window.tryBegin(T)).isPresent();
    }
  }

  @Test
  void noSecondOfTheVendorSeesMoreThanTheLimitWhereverBetweenSendingAndAnswerItCounts() {
    Random random = new Random(7);
    SubmitWindow window = new SubmitWindow(5, List.of());
    List<Instant> counted = new ArrayList<>();
    Instant now = T;
    for (int i = 0; i < 500; i++) {
      now = now.plusMillis(random.nextInt(150));
      var slot = window.tryBegin(now);
      if (slot.isPresent()) {
        Duration answer = Duration.ofMillis(random.nextInt(400));
        counted.add(now.plusMillis(random.nextInt((int) answer.toMillis() + 1)));
        now = now.plus(answer);
        slot.orElseThrow().answered(now);
      }
    }
    counted.sort(null);
    for (int i = 5; i < counted.size(); i++) {
      assertThat(Duration.between(counted.get(i - 5), counted.get(i)))
          .isGreaterThanOrEqualTo(Duration.ofSeconds(1));
    }
  }
}
