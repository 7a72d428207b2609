package dev.moongate.db;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** What holds from the request of a generation to its end. */
final class LifeChecks {
  /** The provider keeps a task for a day; the hour is for a last look. */
  private static final Duration LONGEST = Duration.ofHours(25);

  private LifeChecks() {}

  static List<Check> at(Instant now) {
    return List.of(
        Check.of(
            "every generation ends within a day of its deadline",
            """
            SELECT id, state, deadline_at FROM generation
            WHERE state IN ('ADMITTED', 'DISPATCHING', 'SUBMITTED', 'UNCERTAIN', 'FETCHING')
              AND deadline_at < ? AND COALESCE(submitted_at, 0) < ?
            ORDER BY id
            """,
            row ->
                "%s %s: its deadline was %s, %d hours ago"
                    .formatted(
                        row.text("id"),
                        row.text("state"),
                        row.instant("deadline_at"),
                        Duration.between(row.instant("deadline_at"), now).toHours()),
            now.minus(LONGEST),
            now.minus(LONGEST)),
        Check.of(
            "an Idempotency-Key leads to the generation that it was sent with",
            """
            SELECT i.generation_id
            FROM idempotency i LEFT JOIN generation g ON g.id = i.generation_id
              AND g.organisation_id = i.organisation_id AND g.project_id = i.project_id
              AND g.fingerprint = i.fingerprint
            WHERE g.id IS NULL ORDER BY i.generation_id
            """,
            row ->
                "%s: not there, of another project, or of another request"
                    .formatted(row.text("generation_id"))),
        Check.of(
            "a generation has one Idempotency-Key at most",
            """
            SELECT generation_id, COUNT(*) AS value FROM idempotency
            GROUP BY generation_id HAVING COUNT(*) > 1 ORDER BY generation_id
            """,
            row -> "%s: has %d".formatted(row.text("generation_id"), row.integer("value"))));
  }
}
