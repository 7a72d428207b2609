package dev.moongate.db;

import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** One closure on its way through a database thread, and the answer that its caller waits for. */
final class Job<T extends @Nullable Object> {
  /** Tells a database thread to finish. */
  static final Job<@Nullable Void> END = new Job<>(_ -> null);

  private final Database.Work<T> work;
  private final CompletableFuture<T> answer = new CompletableFuture<>();
  private @Nullable Runnable outcome;

  Job(Database.Work<T> work) {
    this.work = work;
  }

  /** Runs the closure; its caller hears of it only at {@link #tell}. */
  void run(Sql sql) throws SQLException {
    T result = work.in(sql);
    outcome = () -> answer.complete(result);
  }

  /** The closure, or the transaction it ran in, failed. */
  void fail(Throwable cause) {
    outcome = () -> answer.completeExceptionally(cause);
  }

  /** Lets the caller go on. */
  void tell() {
    if (outcome != null) {
      outcome.run();
    }
  }

  /**
   * Waits for {@link #tell}, through interrupts too: a caller that left early would not know
   * whether its row was written.
   */
  T await() {
    try {
      return answer.join();
    } catch (CompletionException e) {
      switch (e.getCause()) {
        case RuntimeException cause -> throw cause;
        case Error cause -> throw cause;
        case null, default -> throw new IllegalStateException(e.getCause());
      }
    }
  }
}
