package dev.moongate.db;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A database that is looked at and left as it is, also while a gateway runs on it: for the command
 * line. It has one connection and no limits of time. Not for several threads, and not for virtual
 * ones, which SQLite pins.
 */
public final class ReadOnlyDatabase implements AutoCloseable {
  private final Connection connection;
  private final String begin;
  private final String columns;

  private ReadOnlyDatabase(Connection connection, String begin, String columns) {
    this.connection = connection;
    this.begin = begin;
    this.columns = columns;
  }

  /**
   * The SQLite of a home.
   *
   * @throws UnfitDatabaseException if it is not there, or of another version
   */
  public static ReadOnlyDatabase sqlite(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new UnfitDatabaseException(List.of("there is no database " + file));
    }
    return sqlite(file, new Sqlite(file, file.toAbsolutePath().resolveSibling("tmp")));
  }

  static ReadOnlyDatabase sqlite(Path file, Sqlite sqlite) {
    return open(
        file.toString(),
        Migrations.Dialect.SQLITE,
        sqlite::connectReadOnly,
        "BEGIN",
        """
        SELECT t.name AS table_name, c.name AS column_name
        FROM sqlite_schema t JOIN pragma_table_info(t.name) c
        WHERE t.type = 'table' AND c.type = 'TEXT' AND t.name NOT LIKE 'sqlite%'
        ORDER BY t.name, c.cid
        """);
  }

  /**
   * A PostgreSQL database.
   *
   * @throws UnfitDatabaseException if it cannot be reached, or its tables are of another version
   */
  public static ReadOnlyDatabase postgres(String url) {
    PostgresServer server = PostgresServer.at(url);
    return open(
        server.name(),
        Migrations.Dialect.POSTGRESQL,
        () -> server.connect("moongate audit", Duration.ZERO),
        """
        BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY;
        SET LOCAL statement_timeout = 0;
        SET LOCAL idle_in_transaction_session_timeout = 0
        """,
        """
        SELECT table_name, column_name FROM information_schema.columns
        WHERE table_schema = current_schema() AND data_type = 'text'
        ORDER BY table_name, ordinal_position
        """);
  }

  /** How a connection is made. */
  private interface Connecting {
    Connection connect() throws SQLException;
  }

  private static ReadOnlyDatabase open(
      String name, Migrations.Dialect dialect, Connecting way, String begin, String columns) {
    try {
      Connection connection = way.connect();
      try {
        new Migrations(dialect).require(connection);
        return new ReadOnlyDatabase(connection, begin, columns);
      } catch (SQLException | RuntimeException e) {
        connection.close();
        throw e;
      }
    } catch (SQLException | IllegalStateException e) {
      throw new UnfitDatabaseException(
          "the database %s cannot be read: %s".formatted(name, e.getMessage()), e);
    }
  }

  /** Runs the work on one consistent view of everything committed before the call. */
  <T extends @Nullable Object> T read(Database.Work<T> work) {
    Sql sql = new Sql(connection);
    try {
      sql.script(begin);
      try {
        return work.in(sql);
      } finally {
        sql.script("ROLLBACK");
      }
    } catch (SQLException e) {
      throw new IllegalStateException("the database cannot be read: " + e.getMessage(), e);
    }
  }

  /** Every column that holds text, table by table. */
  List<TextColumn> textColumns(Sql sql) throws SQLException {
    return sql.list(
        columns, row -> new TextColumn(row.text("table_name"), row.text("column_name")));
  }

  /** A column that holds text. */
  record TextColumn(String table, String column) {}

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
