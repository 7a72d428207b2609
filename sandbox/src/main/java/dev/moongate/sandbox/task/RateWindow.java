package dev.moongate.sandbox.task;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;

/** A sliding window over one second: at most so many in any such window. Any thread may take. */
public final class RateWindow {
  private static final Duration WINDOW = Duration.ofSeconds(1);

  private final int most;
  private final Clock clock;
  private final ArrayDeque<Instant> taken = new ArrayDeque<>();

  public RateWindow(int most, Clock clock) {
    this.most = most;
    this.clock = clock;
  }

  public synchronized boolean tryTake() {
    if (most == Integer.MAX_VALUE) {
      return true;
    }
    Instant now = clock.instant();
    while (!taken.isEmpty() && !taken.peekFirst().isAfter(now.minus(WINDOW))) {
      taken.removeFirst();
    }
    if (taken.size() >= most) {
      return false;
    }
    taken.addLast(now);
    return true;
  }
}
