package dev.moongate.generation;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends what nobody drives: generations at accounts that moongate.yaml does not name any more. Such
 * an account may come back, so what was begun has for as long as its provider remembers it, and
 * what waits has until its deadline.
 */
final class Strays implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Strays.class);
  private static final Duration EVERY = Duration.ofMinutes(1);
  private static final int BATCH = 200;

  /** Clocks differ, and a link may live a little longer than it says. */
  private static final Duration LATE = Duration.ofHours(1);

  private final Collection<String> accounts;
  private final GenerationRows rows;
  private final Endings endings;
  private final InstantSource clock;
  private final Duration remembered;
  private final CountDownLatch closed = new CountDownLatch(1);

  /**
   * @param accounts the names of those that are there
   */
  Strays(
      Collection<String> accounts,
      GenerationRows rows,
      Endings endings,
      InstantSource clock,
      GenerationSettings settings) {
    this.accounts = List.copyOf(accounts);
    this.rows = rows;
    this.endings = endings;
    this.clock = clock;
    this.remembered = settings.linkLife().plus(LATE);
  }

  /** Looks now and every minute, until closed. */
  void start() {
    int open = rows.strayed(accounts);
    if (open > 0) {
      LOG.error(
          "{} generations run at accounts that moongate.yaml does not name any more; they wait for"
              + " a day until it does",
          open);
    }
    Thread.ofVirtual()
        .name("strays")
        .start(() -> {
          try {
            do {
              sweep();
            } while (!closed.await(EVERY.toMillis(), TimeUnit.MILLISECONDS));
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  /** One look; what fails is taken up by the next. */
  void sweep() {
    try {
      Instant now = clock.instant();
      rows.strays(accounts, now, now.minus(remembered), BATCH).forEach(this::end);
    } catch (RuntimeException e) {
      LOG.error("generations at accounts that are gone could not be ended yet", e);
    }
  }

  private void end(Generation seen) {
    switch (seen.state()) {
      case ADMITTED -> endings.expire(seen);
      case FETCHING -> {
        int stored = seen.storedImages().size();
        endings.settle(seen, stored, seen.pictures().size() - stored);
      }
      default -> endings.unresolved(seen, "its account is gone, and so is what it knew");
    }
  }

  @Override
  public void close() {
    closed.countDown();
  }
}
