package dev.moongate.db;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import org.jspecify.annotations.Nullable;

/** What an error of PostgreSQL means for the transaction that it happened in. */
enum PostgresFailure {
  /** Two transactions were in each other's way; this one was undone and may be run again. */
  CONFLICT,
  /** It took too long, mostly waiting for a lock, and was undone. */
  TIMED_OUT,
  /** The server was not reached, went away, or cannot write at the moment. */
  UNREACHABLE,
  /** The statement is wrong or breaks a constraint; it would fail again. */
  OURS;

  static PostgresFailure of(SQLException e) {
    String state = state(e);
    return switch (state) {
      case "40001", "40P01" -> CONFLICT;
      case "55P03", "57014" -> TIMED_OUT;
      // Read-only: after a failover the connection may lead to the new standby.
      case "57P01", "57P02", "57P03", "57P05", "25006", "25P03", "25P04" -> UNREACHABLE;
      default ->
          e instanceof SQLTransientConnectionException || in(state, "08", "53", "58", "XX")
              ? UNREACHABLE
              : OURS;
    };
  }

  /** Whether a COMMIT that failed so has certainly undone everything. */
  static boolean surelyUndone(SQLException e) {
    String state = state(e);
    return in(state, "23", "25") || of(e) == CONFLICT;
  }

  private static boolean in(String state, String... classes) {
    for (String prefix : classes) {
      if (state.startsWith(prefix)) {
        return true;
      }
    }
    return false;
  }

  private static String state(SQLException e) {
    @Nullable String state = e.getSQLState();
    return state == null ? "" : state;
  }
}
