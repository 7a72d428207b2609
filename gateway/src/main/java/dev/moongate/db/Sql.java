package dev.moongate.db;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * JDBC in three methods. Parameters are texts, numbers, {@link Instant}s (stored as microseconds),
 * booleans (0 or 1), enums (by name), collections (one {@code ?} per element, written with {@link
 * #marks}) and null. Valid only inside the closure that it was given to.
 */
final class Sql {
  private final Connection connection;

  Sql(Connection connection) {
    this.connection = connection;
  }

  /** Turns a row into a value. */
  interface Mapper<T> {
    T map(Row row) throws SQLException;
  }

  /** Runs one statement and answers how many rows it changed. */
  int update(String sql, @Nullable Object... parameters) throws SQLException {
    try (PreparedStatement statement = prepare(sql, parameters)) {
      return statement.executeUpdate();
    }
  }

  <T> List<T> list(String sql, Mapper<T> mapper, @Nullable Object... parameters)
      throws SQLException {
    try (PreparedStatement statement = prepare(sql, parameters);
        ResultSet result = statement.executeQuery()) {
      List<T> list = new ArrayList<>();
      Row row = new Row(result);
      while (result.next()) {
        list.add(mapper.map(row));
      }
      return list;
    }
  }

  <T> Optional<T> first(String sql, Mapper<T> mapper, @Nullable Object... parameters)
      throws SQLException {
    try (PreparedStatement statement = prepare(sql, parameters);
        ResultSet result = statement.executeQuery()) {
      return result.next() ? Optional.of(mapper.map(new Row(result))) : Optional.empty();
    }
  }

  /** The count, or whatever number the query's only row holds in column {@code value}. */
  long number(String sql, @Nullable Object... parameters) throws SQLException {
    return first(sql, row -> row.number("value"), parameters).orElseThrow();
  }

  /** Runs a whole script of statements. */
  void script(String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      // Not execute(): sqlite-jdbc runs all statements of a text only here.
      statement.executeUpdate(sql);
    }
  }

  /** {@code ?, ?, ?}: as many as there are values; a NULL, which matches nothing, for none. */
  static String marks(Collection<?> values) {
    return values.isEmpty() ? "NULL" : String.join(", ", Collections.nCopies(values.size(), "?"));
  }

  private PreparedStatement prepare(String sql, @Nullable Object... parameters)
      throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    try {
      int next = 1;
      for (Object parameter : parameters) {
        if (parameter instanceof Collection<?> values) {
          for (Object value : values) {
            statement.setObject(next++, stored(value));
          }
        } else {
          statement.setObject(next++, stored(parameter));
        }
      }
      return statement;
    } catch (SQLException | RuntimeException e) {
      statement.close();
      throw e;
    }
  }

  private static @Nullable Object stored(@Nullable Object parameter) {
    return switch (parameter) {
      case null -> null;
      case Instant instant -> Row.micros(instant);
      case Boolean truth -> truth ? 1 : 0;
      case Enum<?> constant -> constant.name();
      // PostgreSQL has no such character, and a provider's message may.
      case String text when text.indexOf('\0') >= 0 -> text.replace('\0', '\uFFFD');
      default -> parameter;
    };
  }
}
