package dev.moongate.crash;

import dev.moongate.crash.KillPoint.Phase;
import dev.moongate.generation.GenerationRows;
import dev.moongate.provider.ImageProvider;
import dev.moongate.store.ImageStore;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;

/**
 * Stands between rooms and ends the process, as a kill would, when the armed point is reached. A
 * halt runs no hook, flushes nothing and lets no other thread finish.
 */
final class Trap {
  private static final long LONGEST_COMMIT_NANOS = 15_000_000;

  private volatile KillPoint armed;

  void arm(KillPoint point) {
    armed = point;
  }

  GenerationRows around(GenerationRows rows) {
    return proxy(GenerationRows.class, "rows", rows);
  }

  ImageProvider around(ImageProvider provider) {
    return proxy(ImageProvider.class, "provider", provider);
  }

  ImageStore around(ImageStore store) {
    InvocationHandler handler =
        (_, method, arguments) -> {
          Object result = call(() -> method.invoke(store, arguments));
          return result instanceof ImageStore.Sink sink ? around(sink) : result;
        };
    return (ImageStore)
        Proxy.newProxyInstance(
            Trap.class.getClassLoader(), new Class<?>[] {ImageStore.class}, handler);
  }

  private ImageStore.Sink around(ImageStore.Sink sink) {
    return new ImageStore.Sink() {
      @Override
      public OutputStream out() {
        return new FilterOutputStream(sink.out()) {
          @Override
          public void write(byte[] bytes, int from, int length) throws IOException {
            out.write(bytes, from, Math.min(length, 500));
            reach("store.write", Phase.BEFORE);
            out.write(bytes, from + Math.min(length, 500), length - Math.min(length, 500));
          }
        };
      }

      @Override
      public void commit(String storageKey) throws IOException {
        sink.commit(storageKey);
        reach("store.commit", Phase.AFTER);
      }

      @Override
      public void close() throws IOException {
        sink.close();
      }
    };
  }

  private <T> T proxy(Class<T> type, String room, T real) {
    InvocationHandler handler =
        (_, method, arguments) -> {
          String name = room + "." + method.getName();
          reach(name, Phase.BEFORE);
          boolean inside = isArmed(name, Phase.INSIDE);
          if (inside) {
            haltSoon();
          }
          Object result = call(() -> method.invoke(real, arguments));
          if (inside) {
            LockSupport.parkNanos(60_000_000_000L);
          }
          reach(name, Phase.AFTER);
          return result;
        };
    return type.cast(
        Proxy.newProxyInstance(Trap.class.getClassLoader(), new Class<?>[] {type}, handler));
  }

  /** A call by reflection. */
  private interface Call {
    Object run() throws IllegalAccessException, InvocationTargetException;
  }

  private static Object call(Call call) throws Throwable {
    try {
      return call.run();
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private void reach(String name, Phase phase) {
    if (isArmed(name, phase)) {
      Runtime.getRuntime().halt(137);
    }
  }

  private boolean isArmed(String name, Phase phase) {
    KillPoint point = armed;
    return point != null && point.phase() == phase && point.call().equals(name);
  }

  private static void haltSoon() {
    long nanos = RandomGenerator.getDefault().nextLong(LONGEST_COMMIT_NANOS);
    Thread.ofPlatform()
        .start(() -> {
          LockSupport.parkNanos(nanos);
          Runtime.getRuntime().halt(137);
        });
  }
}
