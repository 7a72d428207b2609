package dev.moongate.db;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that writes. It takes all that waits, gives each closure a savepoint of its own so
 * that a failing one is undone alone, commits once, and only then lets their callers go on.
 */
final class Writer {
  private static final Logger LOG = LoggerFactory.getLogger(Writer.class);
  private static final int LARGEST_GROUP = 256;

  private final Connection connection;
  private final Sql sql;
  private final Runnable onBroken;
  private volatile boolean broken;

  Writer(Connection connection, Runnable onBroken) {
    this.connection = connection;
    this.sql = new Sql(connection);
    this.onBroken = onBroken;
  }

  boolean broken() {
    return broken;
  }

  void run(BlockingQueue<Job<?>> queue) {
    List<Job<?>> group = new ArrayList<>();
    boolean last = false;
    while (!last) {
      group.clear();
      group.add(Reader.take(queue));
      queue.drainTo(group, LARGEST_GROUP - 1);
      last = group.remove(Job.END);
      if (!group.isEmpty()) {
        commit(group);
      }
    }
    try {
      connection.close();
    } catch (SQLException e) {
      LOG.warn("closing the database failed", e);
    }
  }

  private void commit(List<Job<?>> group) {
    boolean committing = false;
    try {
      if (broken) {
        throw Database.unavailable();
      }
      sql.script("BEGIN IMMEDIATE");
      for (Job<?> job : group) {
        runAlone(job);
      }
      committing = true;
      sql.script("COMMIT");
    } catch (SQLException | RuntimeException e) {
      failAll(group, e, committing);
    }
    group.forEach(Job::tell);
  }

  private void runAlone(Job<?> job) throws SQLException {
    sql.script("SAVEPOINT job");
    try {
      job.run(sql);
    } catch (Throwable e) {
      if (e instanceof SQLException cause && Sqlite.diskFailed(cause)) {
        throw cause;
      }
      job.fail(e);
      sql.script("ROLLBACK TO job");
    }
    sql.script("RELEASE job");
  }

  private void failAll(List<Job<?>> group, Exception cause, boolean committing) {
    boolean diskFailed = cause instanceof SQLException failure && Sqlite.diskFailed(failure);
    // What a failed sync left in the write-ahead log is found there by the next start, or is not.
    boolean unknown = committing && diskFailed;
    group.forEach(job -> job.fail(unknown ? Database.outcomeUnknown() : Database.unavailable()));
    if (broken) {
      return;
    }
    LOG.error("a transaction of {} failed", group.size(), cause);
    if (diskFailed) {
      broken = true;
      // A thread of its own: it may end the process, and that waits for this thread.
      Thread.ofPlatform().name("db-broken").start(onBroken);
    }
    try {
      sql.script("ROLLBACK");
    } catch (SQLException e) {
      // SQLite has already rolled back after most failures; then there is nothing to undo.
      LOG.debug("nothing to roll back", e);
    }
  }
}
