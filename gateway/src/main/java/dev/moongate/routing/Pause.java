package dev.moongate.routing;

import java.time.Duration;
import java.time.Instant;

/**
 * A while that ends at a moment, and never later than its own length from now: a clock that is set
 * back makes nobody wait for the time in between once more. Not safe for several threads.
 */
final class Pause {
  private Instant until = Instant.MIN;
  private Duration length = Duration.ZERO;

  /** Begins it, or lets it last longer; one that lasts longer already stays. */
  void begin(Instant now, Duration time) {
    Instant end = now.plus(time);
    if (until(now).isBefore(end)) {
      until = end;
      length = time;
    }
  }

  /** Its end as seen from now. */
  Instant until(Instant now) {
    Instant latest = now.plus(length);
    if (until.isAfter(latest)) {
      until = latest;
    }
    return until;
  }

  /** Its end as last seen. */
  Instant until() {
    return until;
  }

  boolean over(Instant now) {
    return !now.isBefore(until(now));
  }
}
