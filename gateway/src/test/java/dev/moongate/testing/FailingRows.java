package dev.moongate.testing;

import dev.moongate.error.ErrorCode;
import dev.moongate.error.GatewayException;
import dev.moongate.generation.GenerationRows;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Stands before the rows and fails the writes that a test names, as a database would. */
public final class FailingRows {
  /** How a write fails. */
  @SuppressWarnings("ImmutableEnumChecker") // its suppliers keep nothing
  public enum Way {
    /** Nothing is written, and the caller hears so. */
    UNAVAILABLE(false, ErrorCode.STORE_UNAVAILABLE),
    /** It is written, and the caller cannot know. */
    WRITTEN_UNHEARD(true, ErrorCode.OUTCOME_UNKNOWN),
    /** It is not written, and the caller cannot know. */
    NOT_WRITTEN_UNHEARD(false, ErrorCode.OUTCOME_UNKNOWN),
    /** It would fail again. */
    FOR_GOOD(false, null);

    private final boolean written;
    private final @Nullable ErrorCode code;

    Way(boolean written, @Nullable ErrorCode code) {
      this.written = written;
      this.code = code;
    }

    private RuntimeException failure() {
      return code == null
          ? new IllegalStateException("a constraint")
          : new GatewayException(code, "made to fail");
    }
  }

  private final AtomicInteger failed = new AtomicInteger();
  private volatile String method = "";
  private volatile Way way = Way.UNAVAILABLE;
  private volatile int left;

  /** The next calls of a method fail. */
  public synchronized void fail(String name, Way how, int times) {
    method = name;
    way = how;
    left = times;
  }

  /** All is well again. */
  public synchronized void heal() {
    left = 0;
  }

  /** How many calls have failed so far. */
  public int failed() {
    return failed.get();
  }

  public GenerationRows around(GenerationRows rows) {
    return (GenerationRows)
        Proxy.newProxyInstance(
            FailingRows.class.getClassLoader(),
            new Class<?>[] {GenerationRows.class},
            (_, called, arguments) -> {
              Way now = takeTurn(called.getName());
              if (now != null && !now.written) {
                failed.incrementAndGet();
                throw now.failure();
              }
              Object result;
              try {
                result = called.invoke(rows, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
              if (now != null) {
                failed.incrementAndGet();
                throw now.failure();
              }
              return result;
            });
  }

  private synchronized Way takeTurn(String name) {
    if (left == 0 || !name.equals(method)) {
      return null;
    }
    left--;
    return way;
  }
}
