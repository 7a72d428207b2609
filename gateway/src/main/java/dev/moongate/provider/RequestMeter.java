package dev.moongate.provider;

import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * Counts the bytes of one request as the end point hands them on, and finds where its header ends,
 * so that "not the whole of it left" is a measured fact. Thread-safe: over TLS the reading side
 * flushes too, with nothing to hand over, while a write is under way.
 */
final class RequestMeter {
  private static final int HEADER_END = 4;
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);

  private long handedOver;
  // While a write is under way nobody knows how much of it left: then all of it counts.
  private long underWay;
  private long headerBytes = -1;
  private long scanned;
  private int matched;

  /** Looks at bytes that are about to be handed over; answers how many there are. */
  synchronized long before(ByteBuffer... buffers) {
    long remaining = 0;
    for (ByteBuffer buffer : buffers) {
      if (headerBytes < 0) {
        scan(buffer, handedOver + remaining);
      }
      remaining += buffer.remaining();
    }
    underWay += remaining;
    return remaining;
  }

  /** Books what was really taken, given the answer of {@link #before}. */
  synchronized void after(long remainingBefore, ByteBuffer... buffers) {
    long remaining = 0;
    for (ByteBuffer buffer : buffers) {
      remaining += buffer.remaining();
    }
    handedOver += remainingBefore - remaining;
    underWay -= remainingBefore;
    if (underWay == 0) {
      notifyAll();
    }
  }

  /**
   * Whether a header and {@code contentLength} bytes of body were handed over. To be asked after
   * the end point was closed: a write still under way then comes to its end, and is waited for; one
   * that does not counts as a whole.
   */
  synchronized boolean whole(long contentLength) {
    long begin = System.nanoTime();
    boolean interrupted = false;
    while (underWay > 0 && System.nanoTime() - begin < LONGEST_WAIT.toNanos()) {
      try {
        wait(10);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return headerBytes >= 0 && handedOver + underWay >= headerBytes + contentLength;
  }

  private void scan(ByteBuffer buffer, long offset) {
    // What was not taken last time comes again; it was scanned already.
    int from =
        buffer.position() + (int) Math.min(buffer.remaining(), Math.max(0, scanned - offset));
    for (int i = from; i < buffer.limit() && headerBytes < 0; i++) {
      byte expected = (byte) (matched % 2 == 0 ? '\r' : '\n');
      byte seen = buffer.get(i);
      matched = seen == expected ? matched + 1 : seen == '\r' ? 1 : 0;
      scanned = offset + i - buffer.position() + 1;
      if (matched == HEADER_END) {
        headerBytes = scanned;
      }
    }
  }
}
