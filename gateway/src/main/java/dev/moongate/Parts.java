package dev.moongate;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a gateway is made of, for its end: what was made later is closed earlier. */
final class Parts implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Parts.class);

  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final List<AutoCloseable> patient = new ArrayList<>();

  /** A part that ends at once. */
  <T extends AutoCloseable> T closing(T part) {
    parts.addFirst(part);
    return part;
  }

  /**
   * A part that lets what is under way finish, for 5 seconds at most; it is closed before others.
   */
  <T extends AutoCloseable> T patient(T part) {
    patient.add(part);
    return part;
  }

  @Override
  public void close() {
    // Side by side: each of them may use up its seconds.
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      patient.forEach(part -> threads.execute(() -> stop(part)));
    }
    while (!parts.isEmpty()) {
      stop(parts.removeFirst());
    }
  }

  private static void stop(AutoCloseable part) {
    try {
      part.close();
    } catch (Exception e) {
      LOG.warn("a part did not stop cleanly", e);
    }
  }
}
