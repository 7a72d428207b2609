package dev.moongate.provider;

import java.io.IOException;
import java.util.function.BooleanSupplier;

/**
 * Stands before the first byte of a request, after name, TCP, proxy and TLS: asks once whether it
 * may still be sent. Used by one writer at a time.
 */
final class SendGate {
  private volatile BooleanSupplier maySend = () -> true;
  private volatile boolean passed;

  /** To be called before the request is handed to the connection. */
  void ask(BooleanSupplier mayStillSend) {
    maySend = mayStillSend;
  }

  boolean passed() {
    return passed;
  }

  /**
   * Lets everything through once it has let anything through.
   *
   * @throws ClosedException if the request may not be sent any more; nothing of it was
   */
  void pass() throws ClosedException {
    if (!passed && !maySend.getAsBoolean()) {
      throw new ClosedException();
    }
    passed = true;
  }

  /** It came too late. */
  static final class ClosedException extends IOException {}
}
