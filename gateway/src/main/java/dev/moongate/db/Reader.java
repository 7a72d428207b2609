package dev.moongate.db;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A thread that reads, on a connection of its own that it opens at its first work. */
final class Reader {
  private static final Logger LOG = LoggerFactory.getLogger(Reader.class);

  private final Sqlite sqlite;
  private @Nullable Connection connection;

  Reader(Sqlite sqlite) {
    this.sqlite = sqlite;
  }

  void run(BlockingQueue<Job<?>> queue) {
    for (Job<?> job = take(queue); job != Job.END; job = take(queue)) {
      try {
        read(job);
      } catch (Throwable e) {
        job.fail(e);
      }
      job.tell();
    }
    disconnect();
  }

  /** Database threads end by {@link Job#END} only: an interrupt is not for them. */
  static Job<?> take(BlockingQueue<Job<?>> queue) {
    while (true) {
      try {
        return queue.take();
      } catch (InterruptedException e) {
        LOG.debug("interrupted while idle", e);
      }
    }
  }

  private void read(Job<?> job) throws SQLException {
    if (connection == null) {
      connection = sqlite.connectReadOnly();
    }
    Sql sql = new Sql(connection);
    try {
      // One transaction, so that a row and its pictures are of the same moment.
      sql.script("BEGIN");
      job.run(sql);
      sql.script("COMMIT");
    } catch (Throwable e) {
      // A fresh connection is cheaper than finding out what state this one is in.
      disconnect();
      throw e;
    }
  }

  private void disconnect() {
    try {
      if (connection != null) {
        connection.close();
      }
    } catch (SQLException e) {
      LOG.warn("closing a reading connection failed", e);
    }
    connection = null;
  }
}
