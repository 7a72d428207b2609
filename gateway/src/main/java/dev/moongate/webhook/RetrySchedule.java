package dev.moongate.webhook;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * When an event is tried again: soon at first, then ever later, and a last time when 24 hours have
 * passed.
 */
final class RetrySchedule {
  private static final Duration PATIENCE = Duration.ofHours(24);
  private static final List<Duration> WAITS =
      List.of(
          Duration.ofSeconds(5),
          Duration.ofMinutes(5),
          Duration.ofMinutes(30),
          Duration.ofHours(2),
          Duration.ofHours(5),
          Duration.ofHours(10));

  /** A wait grows by up to a tenth, so that what failed together does not come back together. */
  private static final int JITTER = 10;

  private final RandomGenerator random;

  RetrySchedule(RandomGenerator random) {
    this.random = random;
  }

  /**
   * The time of the next attempt; empty if it is to be given up.
   *
   * @param failed how many attempts have failed, from 1
   * @param ended when the generation ended
   */
  Optional<Instant> after(int failed, Instant ended, Instant now) {
    Instant last = ended.plus(PATIENCE);
    if (!now.isBefore(last)) {
      return Optional.empty();
    }
    long wait = WAITS.get(Math.min(failed, WAITS.size()) - 1).toMillis();
    Instant again = now.plusMillis(wait + random.nextLong(wait / JITTER + 1));
    return Optional.of(again.isAfter(last) ? last : again);
  }
}
