package dev.moongate.db;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lock that makes one process the only gateway on a PostgreSQL database. It lives as long as a
 * connection of its own, which a thread asks every two seconds whether it still has it.
 *
 * <p>The server ends that connection, and with it the lock, if it hears nothing for 30 seconds;
 * {@link #held} stops believing in it after 15, so that the two never disagree to our harm.
 */
final class AdvisoryLock implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AdvisoryLock.class);

  private static final Duration BEAT = Duration.ofSeconds(2);
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration BELIEF = Duration.ofSeconds(15);

  /** The two halves of "moongate" in ASCII. */
  private static final String KEY = "(1836019566::bigint << 32) + 1734440037";

  private static final String LOCKS =
      """
      FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
      WHERE l.locktype = 'advisory' AND l.classid = 1836019566 AND l.objid = 1734440037
        AND l.objsubid = 1 AND l.granted
        AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
      """;

  private final Connection connection;
  private final Runnable onLost;
  private final Thread heart;
  private final CountDownLatch stop = new CountDownLatch(1);
  private volatile boolean lost;
  private volatile long confirmed;

  private AdvisoryLock(Connection connection, Runnable onLost) {
    this.connection = connection;
    this.onLost = onLost;
    this.confirmed = System.nanoTime();
    this.heart = Thread.ofPlatform().daemon().name("db-lock").start(this::beat);
  }

  /**
   * Takes the lock.
   *
   * @param onLost called once, on a thread of its own, when it is lost
   * @throws UnfitDatabaseException naming the process that has it
   */
  static AdvisoryLock take(PostgresServer server, Runnable onLost) throws SQLException {
    Connection connection = server.connect(ownName(), PATIENCE);
    try {
      Sql sql = new Sql(connection);
      // A process that has just died or moved away lets go within moments, and a host that has
      // vanished with it, within the time of the last line.
      sql.script(
          """
          SET lock_timeout = '2s';
          SET statement_timeout = '4s';
          SET idle_session_timeout = '30s'
          """);
      if (!tryLock(sql)) {
        throw new UnfitDatabaseException(
            List.of(
                "the database %s is in use by another gateway (%s); stop it or choose another database"
                    .formatted(server.name(), holder(sql))));
      }
      if (!confirmed(sql)) {
        throw new UnfitDatabaseException(
            List.of(
                "the database %s is reached through a pooler that hands connections on between transactions; name the server itself or a pooler in session mode"
                    .formatted(server.name())));
      }
      return new AdvisoryLock(connection, onLost);
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  /** Whether the lock is this process's as far as anybody can know; false once it was lost. */
  boolean held() {
    return !lost && System.nanoTime() - confirmed < BELIEF.toNanos();
  }

  /** Lets go; the next process need not wait. */
  @Override
  public void close() {
    stop.countDown();
    boolean interrupted = false;
    while (heart.isAlive()) {
      try {
        heart.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void beat() {
    Sql sql = new Sql(connection);
    try (connection) {
      while (!stopped()) {
        long asked = System.nanoTime();
        if (!confirmed(sql)) {
          throw new SQLException("the server says that another session has it");
        }
        confirmed = asked;
      }
      lost = true;
      sql.first("SELECT pg_advisory_unlock(" + KEY + ")", row -> row);
    } catch (SQLException e) {
      if (stop.getCount() > 0) {
        lost = true;
        LOG.error("this process is no longer the gateway of its database: the lock was lost", e);
        // A thread of its own: it may end the process, and that waits for this thread.
        Thread.ofPlatform().name("db-lost").start(onLost);
      }
    }
  }

  private boolean stopped() {
    try {
      return stop.await(BEAT.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      // Nobody else has this thread; ending it would give the lock away.
      return false;
    }
  }

  private static boolean tryLock(Sql sql) throws SQLException {
    try {
      sql.first("SELECT pg_advisory_lock(" + KEY + ")", row -> row);
      return true;
    } catch (SQLException e) {
      if (PostgresFailure.of(e) == PostgresFailure.TIMED_OUT) {
        return false;
      }
      throw e;
    }
  }

  private static boolean confirmed(Sql sql) throws SQLException {
    return sql.number("SELECT COUNT(*) AS value " + LOCKS + " AND l.pid = pg_backend_pid()") == 1;
  }

  private static String holder(Sql sql) throws SQLException {
    return sql.first("SELECT a.application_name AS holder " + LOCKS, row -> row.text("holder"))
        .orElse("it has just let go");
  }

  /** {@code moongate host pid}; PostgreSQL keeps 63 bytes of ASCII. */
  private static String ownName() {
    String host;
    try {
      host = InetAddress.getLocalHost().getHostName().replaceAll("[^\\x21-\\x7e]", "?");
    } catch (UnknownHostException e) {
      host = "unknown-host";
    }
    return "moongate %.40s %d".formatted(host, ProcessHandle.current().pid());
  }
}
