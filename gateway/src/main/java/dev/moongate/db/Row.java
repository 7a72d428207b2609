package dev.moongate.db;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** One row of an answer, read by column name in the types that the tables are written in. */
record Row(ResultSet result) {
  String text(String column) throws SQLException {
    String text = result.getString(column);
    if (text == null) {
      throw new SQLException(column + " is null");
    }
    return text;
  }

  @Nullable String textOrNull(String column) throws SQLException {
    return result.getString(column);
  }

  int integer(String column) throws SQLException {
    return result.getInt(column);
  }

  long number(String column) throws SQLException {
    return result.getLong(column);
  }

  @Nullable Long numberOrNull(String column) throws SQLException {
    long number = result.getLong(column);
    return result.wasNull() ? null : number;
  }

  boolean truth(String column) throws SQLException {
    return result.getInt(column) != 0;
  }

  Instant instant(String column) throws SQLException {
    return ofMicros(result.getLong(column));
  }

  @Nullable Instant instantOrNull(String column) throws SQLException {
    long micros = result.getLong(column);
    return result.wasNull() ? null : ofMicros(micros);
  }

  static long micros(Instant instant) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
  }

  static Instant ofMicros(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }
}
