package dev.moongate.db;

import dev.moongate.generation.Generation;
import dev.moongate.generation.GenerationRows.AttemptOutcome;
import dev.moongate.provider.ListedTask;
import java.sql.SQLException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What is written of a generation's attempts, within the transaction of a transition. */
final class Attempts {
  private Attempts() {}

  /** The next attempt, before its first byte leaves. */
  static void intend(Sql sql, Generation seen, String account, String keyReference, Instant now)
      throws SQLException {
    sql.update(
        """
        INSERT INTO attempt (generation_id, no, account, key_reference, intent_at, outcome)
        VALUES (?, ?, ?, ?, ?, 'INTENT')
        """,
        seen.id(),
        seen.attempts() + 1,
        account,
        keyReference,
        now);
  }

  /**
   * Whether a task is another attempt's. The unique index keeps it from happening at the same time
   * on two connections.
   */
  static boolean taken(Sql sql, Generation seen, String task) throws SQLException {
    return sql.first(
            """
            SELECT generation_id FROM attempt
            WHERE account = ? AND task = ? AND NOT (generation_id = ? AND no = ?)
            """,
            row -> row.text("generation_id"),
            seen.account(),
            task,
            seen.id(),
            seen.attempts())
        .isPresent();
  }

  static void accept(Sql sql, Generation seen, String task, @Nullable String requestId, Instant now)
      throws SQLException {
    sql.update(
        """
        UPDATE attempt SET outcome = 'ACCEPTED', answered_at = ?, task = ?, request_id = ?
        WHERE generation_id = ? AND no = ?
        """,
        now,
        task,
        requestId,
        seen.id(),
        seen.attempts());
  }

  /** A task that the provider's list showed is this one's. */
  static void adopt(Sql sql, Generation seen, ListedTask task) throws SQLException {
    sql.update(
        """
        UPDATE attempt SET outcome = 'ACCEPTED', task = ?, request_id = ?
        WHERE generation_id = ? AND no = ?
        """,
        task.taskId(),
        task.requestId(),
        seen.id(),
        seen.attempts());
    sql.update(
        "DELETE FROM orphan_task WHERE account = ? AND task = ?", seen.account(), task.taskId());
  }

  static void notListed(Sql sql, Generation seen, Instant now) throws SQLException {
    sql.update(
        """
        UPDATE attempt SET not_listed_at = COALESCE(not_listed_at, ?)
        WHERE generation_id = ? AND no = ?
        """,
        now,
        seen.id(),
        seen.attempts());
  }

  /** What became of the newest attempt. */
  static void answer(
      Sql sql,
      Generation seen,
      AttemptOutcome outcome,
      @Nullable String requestId,
      @Nullable String reason,
      Instant now)
      throws SQLException {
    sql.update(
        """
        UPDATE attempt SET outcome = ?, answered_at = COALESCE(answered_at, ?),
          request_id = COALESCE(?, request_id), reason = COALESCE(?, reason)
        WHERE generation_id = ? AND no = ?
        """,
        outcome,
        now,
        requestId,
        reason,
        seen.id(),
        seen.attempts());
  }
}
