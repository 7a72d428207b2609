package dev.moongate.generation;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether the first byte of a submit may still leave. Nothing is sent on the strength of an intent
 * that another process may have judged meanwhile: it looks for the task of a submit in doubt, and
 * twice without it is proof that nothing was sent.
 */
final class IntentGate implements BooleanSupplier {
  private static final Duration INTENT_IS_GOOD_FOR = Duration.ofSeconds(2);

  /** Who has kept a submit back. */
  enum Closed {
    /** The gateway: it took most of the intent's time itself, or the database is another's. */
    BY_THE_GATEWAY,
    /** The way to the provider: connecting took most of the intent's time. */
    BY_CONNECTING
  }

  private final BooleanSupplier mayWrite;
  private final long intended = System.nanoTime();
  private volatile long called = intended;
  private volatile @Nullable Closed closed;

  /** To be made before the intent is written. */
  IntentGate(BooleanSupplier mayWrite) {
    this.mayWrite = mayWrite;
  }

  /** The intent is written; from now on it is the provider's time. */
  void calling() {
    called = System.nanoTime();
  }

  @Override
  public boolean getAsBoolean() {
    boolean ours = mayWrite.getAsBoolean();
    long now = System.nanoTime();
    if (ours && now - intended < INTENT_IS_GOOD_FOR.toNanos()) {
      closed = null;
      return true;
    }
    closed =
        ours && now - called > called - intended ? Closed.BY_CONNECTING : Closed.BY_THE_GATEWAY;
    return false;
  }

  /** Who has kept the submit back; null if nobody did. */
  @Nullable Closed closed() {
    return closed;
  }
}
