package dev.moongate.generation;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * Whether the first byte of a submit may still leave. Nothing is sent on the strength of an intent
 * that another process may have judged meanwhile: it looks for the task of a submit in doubt, and
 * twice without it is proof that nothing was sent.
 */
final class IntentGate implements BooleanSupplier {
  private static final Duration INTENT_IS_GOOD_FOR = Duration.ofSeconds(2);

  private final BooleanSupplier mayWrite;
  private final long intended = System.nanoTime();
  private volatile boolean closed;

  /** To be made before the intent is written. */
  IntentGate(BooleanSupplier mayWrite) {
    this.mayWrite = mayWrite;
  }

  @Override
  public boolean getAsBoolean() {
    boolean open =
        mayWrite.getAsBoolean() && System.nanoTime() - intended < INTENT_IS_GOOD_FOR.toNanos();
    closed = !open;
    return open;
  }

  /** Whether it has kept the submit back. */
  boolean closed() {
    return closed;
  }
}
