package dev.moongate.db;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A PostgreSQL database: each piece of work is a transaction of its own on a pooled connection.
 *
 * <p>Work runs on virtual threads of our own and callers wait for them, because an interrupt that
 * hits a virtual thread inside the driver closes its socket, perhaps in the middle of a COMMIT.
 */
public final class PostgresDatabase extends Database {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresDatabase.class);
  private static final int WRITERS = 8;
  private static final int READERS = 8;
  private static final int MOST_RUNS = 5;
  private static final String READ_ONLY = "25006";
  private static final ScopedValue<Boolean> WORKING = ScopedValue.newInstance();

  private final HikariDataSource writing;
  private final HikariDataSource reading;
  private final @Nullable AdvisoryLock lock;
  private final ExecutorService workers =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("db-work-", 0).factory());

  private PostgresDatabase(
      PostgresServer server, String synchronousCommit, @Nullable AdvisoryLock lock) {
    String init =
        """
        SET statement_timeout = '15s';
        SET lock_timeout = '5s';
        SET idle_in_transaction_session_timeout = '30s';
        SET synchronous_commit = '%s'
        """
            // Pinned, so that a change of the server's configuration cannot turn it off later.
            .formatted(synchronousCommit);
    this.writing = server.pool("db-write", WRITERS, false, init);
    this.reading = server.pool("db-read", READERS, true, init);
    this.lock = lock;
  }

  /**
   * Opens the database as its one gateway and brings its tables up to date.
   *
   * @param url {@code jdbc:postgresql://user:password@host/database}
   * @param onLost called once, on a thread of its own, when this process is no longer the one
   *     gateway; nothing new may be begun from then on, so the process should end
   * @throws UnfitDatabaseException if it cannot be reached, would forget commits, or has a gateway
   *     already
   */
  public static PostgresDatabase open(String url, Runnable onLost) {
    return connect(url, server -> AdvisoryLock.take(server, onLost));
  }

  /** Opens the database beside its gateway, if it has one: for the command line. */
  public static PostgresDatabase openBeside(String url) {
    return connect(url, _ -> null);
  }

  /** Takes the lock, or does not. */
  private interface Locking {
    @Nullable AdvisoryLock lock(PostgresServer server) throws SQLException;
  }

  private static PostgresDatabase connect(String url, Locking locking) {
    PostgresServer server = PostgresServer.at(url);
    try (Connection connection = server.connect("moongate", Duration.ZERO)) {
      ServerState state = ServerState.read(new Sql(connection));
      List<String> problems = state.problems(server.name());
      if (!problems.isEmpty()) {
        throw new UnfitDatabaseException(problems);
      }
      AdvisoryLock lock = locking.lock(server);
      try {
        new Migrations(Migrations.Dialect.POSTGRESQL).apply(connection);
        return new PostgresDatabase(server, state.synchronousCommit(), lock);
      } catch (SQLException | RuntimeException e) {
        if (lock != null) {
          lock.close();
        }
        throw e;
      }
    } catch (SQLException e) {
      throw new UnfitDatabaseException(
          "the database %s cannot be used: %s".formatted(server.name(), reason(e)), e);
    }
  }

  @Override
  <T extends @Nullable Object> T write(Work<T> work) {
    return await(new Job<>(work), this::write);
  }

  @Override
  <T extends @Nullable Object> T read(Work<T> work) {
    return await(new Job<>(work), this::read);
  }

  /** Never: what a server's disk does, the server answers for. */
  @Override
  public boolean broken() {
    return false;
  }

  /** Also false beside a gateway. */
  @Override
  public boolean held() {
    return lock != null && lock.held();
  }

  @Override
  public void close() {
    // The pools would abort what is still running.
    workers.close();
    try (var closing = Executors.newVirtualThreadPerTaskExecutor()) {
      // Side by side, because each takes seconds if the server does not answer.
      closing.execute(writing::close);
      closing.execute(reading::close);
    }
    if (lock != null) {
      lock.close();
    }
  }

  /** A way to run a job. */
  private interface Way {
    void run(Job<?> job) throws SQLException;
  }

  private <T extends @Nullable Object> T await(Job<T> job, Way way) {
    if (WORKING.isBound()) {
      throw workInsideWork();
    }
    try {
      workers.execute(() ->
          ScopedValue.where(WORKING, true)
              .run(() -> {
                runRepeatedly(job, way);
                job.tell();
              }));
    } catch (RejectedExecutionException e) {
      throw unavailable();
    }
    return job.await();
  }

  private static void runRepeatedly(Job<?> job, Way way) {
    boolean again = true;
    for (int run = 1; again && run <= MOST_RUNS; run++) {
      again = false;
      try {
        way.run(job);
      } catch (SQLException e) {
        PostgresFailure failure = PostgresFailure.of(e);
        again = failure == PostgresFailure.CONFLICT;
        if (failure == PostgresFailure.OURS) {
          job.fail(e);
        } else {
          LOG.warn("the database failed us: {}", reason(e));
          job.fail(unavailable());
        }
      } catch (Throwable e) {
        job.fail(e);
      }
    }
  }

  private void write(Job<?> job) throws SQLException {
    Connection connection = writing.getConnection();
    try {
      job.run(new Sql(connection));
      commit(connection);
    } catch (Throwable e) {
      rollBack(connection);
      throw e;
    } finally {
      release(connection);
    }
  }

  private static void commit(Connection connection) throws SQLException {
    try {
      connection.commit();
    } catch (SQLException e) {
      if (PostgresFailure.surelyUndone(e)) {
        throw e;
      }
      LOG.error("whether a transaction was committed is unknown: {}", reason(e));
      throw outcomeUnknown();
    }
  }

  private void read(Job<?> job) throws SQLException {
    for (int run = 1; !readOnce(job, run == MOST_RUNS); run++) {
      LOG.debug("reading again on another connection");
    }
  }

  /** False if the connection had died, which idle ones do whenever the server is restarted. */
  private boolean readOnce(Job<?> job, boolean last) throws SQLException {
    Connection connection = reading.getConnection();
    try {
      job.run(new Sql(connection));
      return true;
    } catch (SQLException e) {
      if (READ_ONLY.equals(e.getSQLState())) {
        throw new IllegalStateException(e);
      }
      if (!last && PostgresFailure.of(e) == PostgresFailure.UNREACHABLE) {
        return false;
      }
      throw e;
    } finally {
      rollBack(connection);
      release(connection);
    }
  }

  /** What was not committed is undone by the server too, so a failure here changes nothing. */
  private static void rollBack(Connection connection) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      LOG.debug("nothing to roll back", e);
    }
  }

  /** The outcome is settled by now and must not be turned into a failure. */
  private static void release(Connection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      LOG.debug("a connection could not be handed back", e);
    }
  }

  private static String reason(SQLException e) {
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return e.getCause() == null
        ? String.valueOf(e.getMessage())
        : e.getMessage() + " (" + root + ")";
  }
}
