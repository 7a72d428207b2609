package dev.moongate.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A real PostgreSQL: one durable server per test JVM, and a database of its own for each test. */
public final class EmbeddedPostgres implements AutoCloseable {
  /** What {@link #url} gives as the password. The server trusts anybody; messages must not. */
  public static final String PASSWORD = "hunter2";

  private static final AtomicInteger NEXT = new AtomicInteger();
  private static @Nullable EmbeddedPostgres shared;

  private final io.zonky.test.db.postgres.embedded.EmbeddedPostgres server;

  private EmbeddedPostgres(Map<String, String> config) {
    try {
      var builder = io.zonky.test.db.postgres.embedded.EmbeddedPostgres.builder();
      // The library's own choices would lose commits, and we refuse them.
      builder.setServerConfig("fsync", "on").setServerConfig("synchronous_commit", "on");
      config.forEach(builder::setServerConfig);
      server = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A server of a test's own. */
  public static EmbeddedPostgres start(Map<String, String> config) {
    return new EmbeddedPostgres(config);
  }

  /** The server that the tests share; it ends with the JVM. */
  public static synchronized EmbeddedPostgres shared() {
    if (shared == null) {
      shared = new EmbeddedPostgres(Map.of());
    }
    return shared;
  }

  /** The URL of a new, empty database on the shared server. */
  public static String newDatabase() {
    String name = "test_" + NEXT.incrementAndGet();
    shared().execute("CREATE DATABASE " + name);
    return shared().url(name);
  }

  /** The URL of a copy of a database that nobody is connected to. */
  public static String copy(String url) {
    String name = "test_" + NEXT.incrementAndGet();
    String original = url.substring(url.lastIndexOf('/') + 1);
    shared().execute("CREATE DATABASE " + name + " TEMPLATE " + original);
    return shared().url(name);
  }

  /** Ends the connection on which the gateway of a database has its lock. */
  public static void takeLockAway(String url) {
    shared()
        .execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '%s' AND application_name LIKE 'moongate %%'"
                .formatted(url.substring(url.lastIndexOf('/') + 1)));
  }

  public String url(String database) {
    return "jdbc:postgresql://postgres:%s@127.0.0.1:%d/%s"
        .formatted(PASSWORD, server.getPort(), database);
  }

  public int port() {
    return server.getPort();
  }

  /** Runs a statement as an administrator, in no transaction. */
  public void execute(String sql) {
    try (Connection connection = connect("postgres");
        var statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** {@link Rows} of a database that {@link #newDatabase} made. */
  public static List<String> rows(String url, String sql) {
    try (Connection connection = shared().connect(url.substring(url.lastIndexOf('/') + 1))) {
      return Rows.of(connection, sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private Connection connect(String database) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:%d/%s?user=postgres&ApplicationName=test"
            .formatted(server.getPort(), database));
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
