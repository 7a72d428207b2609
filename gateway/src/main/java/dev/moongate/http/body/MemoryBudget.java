package dev.moongate.http.body;

import dev.moongate.error.ErrorCode;
import dev.moongate.error.GatewayException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many bytes all request bodies together, and what is made of them, may hold in memory. Safe
 * for many threads.
 */
public final class MemoryBudget {
  private final long limit;
  private final AtomicLong used = new AtomicLong();

  public MemoryBudget(long limit) {
    this.limit = limit;
  }

  /** The given limit, or a quarter of the heap if that is less: the rest has its work to do too. */
  public static MemoryBudget withinHeap(long limit) {
    return new MemoryBudget(Math.min(limit, Runtime.getRuntime().maxMemory() / 4));
  }

  /** Takes {@code bytes}, or refuses: the client should come again in a moment. */
  void take(long bytes) {
    if (!tryTake(bytes)) {
      throw new GatewayException(
              ErrorCode.OVERLOADED,
              "Too many large requests are being read at once; nothing was started or charged")
          .after(Duration.ofSeconds(1));
    }
  }

  private boolean tryTake(long bytes) {
    long before = used.get();
    while (before + bytes <= limit) {
      if (used.compareAndSet(before, before + bytes)) {
        return true;
      }
      before = used.get();
    }
    return false;
  }

  void giveBack(long bytes) {
    used.addAndGet(-bytes);
  }

  long used() {
    return used.get();
  }
}
