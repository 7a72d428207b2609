package dev.moongate.db;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The SQLite database: one thread writes, a few read, and callers only wait for them.
 *
 * <p>sqlite-jdbc pins the carrier of a virtual thread, so nothing but these platform threads ever
 * enters it. Writes that wait together are committed together, and a caller goes on only when its
 * commit has reached the disk.
 */
public final class SqliteDatabase extends Database {
  private static final int READERS = 4;

  private final BlockingQueue<Job<?>> writes = new LinkedBlockingQueue<>();
  private final BlockingQueue<Job<?>> reads = new LinkedBlockingQueue<>();
  private final Writer writing;
  private final Thread writer;
  private final List<Thread> readers;
  private final Object lock = new Object();
  private boolean closed;

  private SqliteDatabase(Writer writing, List<Reader> reading) {
    this.writing = writing;
    this.writer = Thread.ofPlatform().daemon().name("db-writer").start(() -> writing.run(writes));
    this.readers =
        reading.stream()
            .map(r -> Thread.ofPlatform().daemon().name("db-reader").start(() -> r.run(reads)))
            .toList();
  }

  /**
   * Opens the file, making it and its tables where they are missing. Another process may have the
   * same file open.
   *
   * @param onBroken called once, on a thread of its own, when the disk fails a commit; nothing can
   *     be written from then on, so the process should end
   */
  public static SqliteDatabase open(Path file, Runnable onBroken) {
    Sqlite sqlite = new Sqlite(file, file.toAbsolutePath().resolveSibling("tmp"));
    try {
      var connection = sqlite.connect();
      try {
        new Migrations(Migrations.Dialect.SQLITE).apply(connection);
        List<Reader> readers =
            IntStream.range(0, READERS).mapToObj(_ -> new Reader(sqlite)).toList();
        return new SqliteDatabase(new Writer(connection, onBroken), readers);
      } catch (SQLException | RuntimeException e) {
        connection.close();
        throw e;
      }
    } catch (SQLException e) {
      throw new IllegalStateException(
          "cannot open the database " + file + ": " + e.getMessage(), e);
    }
  }

  @Override
  <T extends @Nullable Object> T write(Work<T> work) {
    return await(writes, new Job<>(work));
  }

  @Override
  <T extends @Nullable Object> T read(Work<T> work) {
    return await(reads, new Job<>(work));
  }

  @Override
  public boolean broken() {
    return writing.broken();
  }

  /** The lock of the home is the process's until it ends. */
  @Override
  public boolean held() {
    return true;
  }

  /** Finishes what was asked for, then closes the file. */
  @Override
  public void close() {
    synchronized (lock) {
      if (closed) {
        return;
      }
      closed = true;
      for (Thread _ : readers) {
        reads.add(Job.END);
      }
    }
    // The writer goes last: the last connection to close empties the write-ahead log.
    readers.forEach(SqliteDatabase::joinUninterrupted);
    writes.add(Job.END);
    joinUninterrupted(writer);
  }

  private static void joinUninterrupted(Thread thread) {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private <T extends @Nullable Object> T await(BlockingQueue<Job<?>> queue, Job<T> job) {
    Thread caller = Thread.currentThread();
    if (caller == writer || readers.contains(caller)) {
      throw workInsideWork();
    }
    synchronized (lock) {
      if (closed) {
        throw unavailable();
      }
      queue.add(job);
    }
    return job.await();
  }
}
