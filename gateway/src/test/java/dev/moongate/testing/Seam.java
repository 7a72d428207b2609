package dev.moongate.testing;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/** Puts a test between two rooms: it sees each call of one method, and decides what comes of it. */
public final class Seam {
  private Seam() {}

  /** What happens instead of a call. */
  public interface Step {
    Object call(Real real, Object[] arguments) throws Throwable;
  }

  /** The call itself. */
  public interface Real {
    Object call() throws Throwable;
  }

  /** All of {@code real}, but for one method. */
  public static <T> T around(Class<T> type, T real, String method, Step step) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (_, called, arguments) -> {
              Real itself =
                  () -> {
                    try {
                      return called.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                      throw e.getCause();
                    }
                  };
              return called.getName().equals(method) ? step.call(itself, arguments) : itself.call();
            }));
  }
}
