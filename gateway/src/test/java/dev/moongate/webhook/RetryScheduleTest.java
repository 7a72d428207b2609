package dev.moongate.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RetryScheduleTest {
  private static final Instant END = Instant.parse("2026-11-24T10:00:00Z");

  private final RetrySchedule schedule = new RetrySchedule(new Random(7));

  @Test
  void aWaitIsSpreadByUpToATenth() {
    for (int i = 0; i < 1_000; i++) {
      Instant again = schedule.after(2, END, END.plusSeconds(5)).orElseThrow();
      assertThat(Duration.between(END.plusSeconds(5), again))
          .isBetween(Duration.ofMinutes(5), Duration.ofMinutes(5).plusSeconds(30));
    }
  }

  @Test
  void whatWasLeftForLongerThan24HoursIsTriedOnceAndNoMore() {
    assertThat(schedule.after(1, END, END.plus(Duration.ofHours(30)))).isEmpty();
    assertThat(schedule.after(1, END, END.plus(Duration.ofHours(24)))).isEmpty();
    assertThat(schedule.after(1, END, END.plus(Duration.ofHours(24)).minusSeconds(1)))
        .contains(END.plus(Duration.ofHours(24)));
  }
}
