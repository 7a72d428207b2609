package dev.moongate.http;

import dev.moongate.error.ErrorCode;
import dev.moongate.error.GatewayException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.IO;
import org.eclipse.jetty.util.thread.Invocable;
import org.jspecify.annotations.Nullable;

/**
 * The body of one request on its way in. Read by one thread; {@link #breakOff} may come from any
 * other.
 */
final class Upload extends InputStream {
  private static final String ATTRIBUTE = "moongate.upload";
  private static final Duration LONGEST_POUR = Duration.ofSeconds(2);
  private static final long MOST_POURED = 64L << 20;

  /** Of all uploads together; what finds no place is cut off. */
  private static final Semaphore POURING = new Semaphore(64);

  private final Request request;
  private final Semaphore arrivals = new Semaphore(0);
  private volatile boolean asked;
  private volatile boolean brokenOff;
  private boolean ended;
  private Content.@Nullable Chunk chunk;

  private Upload(Request request) {
    this.request = request;
    this.ended = request.getLength() == 0;
  }

  /** The one of this request. */
  static Upload of(Request request) {
    if (request.getAttribute(ATTRIBUTE) instanceof Upload upload) {
      return upload;
    }
    Upload upload = new Upload(request);
    request.setAttribute(ATTRIBUTE, upload);
    return upload;
  }

  /** Whether nothing more can come. */
  boolean ended() {
    return ended;
  }

  /** Whoever waits for more of it is told that the gateway stops. */
  void breakOff() {
    brokenOff = true;
    arrivals.release();
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    while (!ended) {
      Content.Chunk current = chunk == null ? next() : chunk;
      chunk = current;
      if (Content.Chunk.isFailure(current)) {
        throw IO.rethrow(current.getFailure());
      }
      int count = current.get(target, offset, length);
      if (!current.hasRemaining()) {
        current.release();
        ended = current.isLast();
        chunk = null;
      }
      if (count > 0) {
        return count;
      }
    }
    return -1;
  }

  private Content.Chunk next() throws IOException {
    while (!brokenOff) {
      Content.Chunk next = asked ? null : request.read();
      if (next != null) {
        return next;
      }
      ask();
      try {
        arrivals.acquire();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException();
      }
    }
    throw new GatewayException(
        ErrorCode.SHUTTING_DOWN, "Moongate is stopping; nothing was started or charged");
  }

  private void ask() {
    if (!asked) {
      asked = true;
      request.demand(
          Invocable.from(
              Invocable.InvocationType.NON_BLOCKING,
              () -> {
                asked = false;
                arrivals.release();
              }));
    }
  }

  /**
   * Takes what still comes and drops it, for a short time: a client reads no answer before it has
   * sent its body, and finds the connection broken if that is not taken.
   */
  void pourAway() {
    if (!POURING.tryAcquire()) {
      return;
    }
    try {
      pour(System.nanoTime() + LONGEST_POUR.toNanos());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      POURING.release();
    }
  }

  private void pour(long end) throws InterruptedException {
    if (chunk != null && !Content.Chunk.isFailure(chunk)) {
      chunk.release();
      ended = chunk.isLast();
      chunk = null;
    }
    long poured = 0;
    while (!ended && poured < MOST_POURED && System.nanoTime() < end) {
      Content.Chunk next = asked ? null : request.read();
      if (next == null) {
        ask();
        var _ = arrivals.tryAcquire(end - System.nanoTime(), TimeUnit.NANOSECONDS);
      } else if (Content.Chunk.isFailure(next)) {
        return;
      } else {
        poured += next.remaining();
        next.release();
        ended = next.isLast();
      }
    }
  }
}
