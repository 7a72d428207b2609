package dev.moongate.db;

import dev.moongate.generation.Generation;
import dev.moongate.generation.State;
import dev.moongate.policy.LedgerEntry;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the transitions of a generation have in common. */
final class Transitions {
  private Transitions() {}

  /** The heart of every transition: true if the row was as seen, and now is one epoch on. */
  static boolean move(Sql sql, Generation seen, String assignments, @Nullable Object... values)
      throws SQLException {
    @Nullable Object[] parameters = java.util.Arrays.copyOf(values, values.length + 3);
    parameters[values.length] = seen.id();
    parameters[values.length + 1] = seen.state();
    parameters[values.length + 2] = seen.epoch();
    return sql.update(
            "UPDATE generation SET epoch = epoch + 1, "
                + assignments
                + " WHERE id = ? AND state = ? AND epoch = ?",
            parameters)
        == 1;
  }

  static void book(Sql sql, String generation, List<LedgerEntry> entries, Instant now)
      throws SQLException {
    for (LedgerEntry entry : entries) {
      sql.update(
          """
          INSERT INTO ledger (generation_id, kind, attempt_no, amount, currency, pictures, at)
          VALUES (?, ?, ?, ?, ?, ?, ?)
          """,
          generation,
          entry.kind(),
          entry.attempt() == null ? 0 : entry.attempt(),
          entry.amount().micros(),
          entry.amount().currency(),
          entry.pictures(),
          now);
    }
  }

  static void require(Generation seen, State... from) {
    if (!List.of(from).contains(seen.state())) {
      throw new IllegalArgumentException(seen.id() + " is " + seen.state());
    }
  }
}
