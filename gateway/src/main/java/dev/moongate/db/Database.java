package dev.moongate.db;

import dev.moongate.error.ErrorCode;
import dev.moongate.error.GatewayException;
import java.nio.file.Path;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** The database: SQLite in the home, or PostgreSQL, with the same tables and the same promises. */
public abstract sealed class Database implements AutoCloseable
    permits SqliteDatabase, PostgresDatabase {
  /**
   * Work in one transaction. It may be run again after having been undone, and it must not wait for
   * other work.
   *
   * @param <T> what it answers
   */
  @FunctionalInterface
  interface Work<T extends @Nullable Object> {
    T in(Sql sql) throws SQLException;
  }

  /**
   * Opens the SQLite file, making it and its tables where they are missing. Another process may
   * have the same file open.
   *
   * @param onBroken called once, on a thread of its own, when the disk fails a commit; nothing can
   *     be written from then on, so the process should end
   */
  public static Database open(Path file, Runnable onBroken) {
    return SqliteDatabase.open(file, onBroken);
  }

  /**
   * Runs the work and returns once its commit is durable; a throw undoes this work alone.
   *
   * @throws GatewayException STORE_UNAVAILABLE if nothing was written, OUTCOME_UNKNOWN if nobody
   *     knows whether it was: the connection broke, or the disk failed, while it was committed
   */
  abstract <T extends @Nullable Object> T write(Work<T> work);

  /** Runs the work on a consistent view of everything committed before the call. */
  abstract <T extends @Nullable Object> T read(Work<T> work);

  /** Whether a commit failed on the disk; writes are refused from then on. */
  public abstract boolean broken();

  /**
   * Whether this process is still the one gateway on this database; cheap enough to be asked before
   * every submit. Once lost it stays lost, and another process may have begun.
   */
  public abstract boolean held();

  /** Finishes what was asked for, then closes. */
  @Override
  public abstract void close();

  static GatewayException unavailable() {
    return new GatewayException(
        ErrorCode.STORE_UNAVAILABLE, "The gateway cannot write to its database at the moment.");
  }

  static GatewayException outcomeUnknown() {
    return new GatewayException(
        ErrorCode.OUTCOME_UNKNOWN,
        "The gateway lost its database while writing; whether it was written is not known yet.");
  }

  static IllegalStateException workInsideWork() {
    return new IllegalStateException("database work must not wait for other database work");
  }
}
