package dev.moongate.generation;

import dev.moongate.error.GatewayException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Repeats a write that must not be lost until the database takes it: what became of a submit is
 * known to this process and stands nowhere else.
 *
 * <p>Every such write names the epoch that it saw. If one was committed although the database could
 * not say so, the next one finds the row moved on and changes nothing.
 */
final class UntilWritten {
  private static final Logger LOG = LoggerFactory.getLogger(UntilWritten.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

  private final CountDownLatch givenUp = new CountDownLatch(1);

  /**
   * Blocks until the write was answered.
   *
   * @throws GatewayException if the process stops before that
   */
  <T> T run(String generation, Supplier<T> write) {
    Duration pause = FIRST_PAUSE;
    while (true) {
      try {
        return write.get();
      } catch (GatewayException failure) {
        LOG.warn(
            "what became of generation {} cannot be written ({}); it is tried again",
            generation,
            failure.message());
        if (givenUpWithin(pause)) {
          throw failure;
        }
        Duration next = pause.multipliedBy(2);
        pause = next.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : next;
      }
    }
  }

  /** The process ends: what cannot be written now is found out by the next one. */
  void giveUp() {
    givenUp.countDown();
  }

  private boolean givenUpWithin(Duration pause) {
    try {
      return givenUp.await(pause.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }
}
