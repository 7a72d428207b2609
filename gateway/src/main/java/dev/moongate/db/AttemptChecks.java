package dev.moongate.db;

import java.util.List;

/** What holds between a generation and its attempts: above all, that at most one is paid. */
final class AttemptChecks {
  /** Proof that the provider takes nothing, so that it may be tried again. */
  private static final String UNPAID =
      "'NOT_SENT', 'REJECTED', 'THROTTLED', 'FAILED_UNBILLED', 'DISPROVED'";

  static final List<Check> ALL =
      List.of(
          Check.of(
              "a submit follows another only after proof that the first is not paid",
              """
              SELECT a.generation_id, a.no, a.outcome, a.task, MIN(b.no) AS later
              FROM attempt a
              JOIN attempt b ON b.generation_id = a.generation_id AND b.no > a.no
              WHERE a.outcome NOT IN (%s)
              GROUP BY a.generation_id, a.no, a.outcome, a.task
              ORDER BY a.generation_id, a.no
              """
                  .formatted(UNPAID),
              row ->
                  "%s: attempt %d was made although attempt %d is %s"
                      .formatted(
                          row.text("generation_id"),
                          row.integer("later"),
                          row.integer("no"),
                          row.text("outcome"))),
          Check.of(
              "a generation counts its attempts",
              """
              SELECT g.id, g.attempts, COUNT(a.no) AS there, COALESCE(MAX(a.no), 0) AS last
              FROM generation g LEFT JOIN attempt a ON a.generation_id = g.id
              GROUP BY g.id, g.attempts
              HAVING COUNT(a.no) <> g.attempts OR COALESCE(MAX(a.no), 0) <> g.attempts
              ORDER BY g.id
              """,
              row ->
                  "%s: counts %d, there are %d, the last is number %d"
                      .formatted(
                          row.text("id"),
                          row.integer("attempts"),
                          row.integer("there"),
                          row.integer("last"))),
          Check.of(
              "the last attempt's outcome fits the generation's state",
              """
              SELECT g.id, g.state, COALESCE(a.outcome, 'not there') AS outcome
              FROM generation g
              LEFT JOIN attempt a ON a.generation_id = g.id
                AND a.no = (SELECT MAX(l.no) FROM attempt l WHERE l.generation_id = g.id)
              WHERE NOT CASE g.state
                WHEN 'DISPATCHING' THEN COALESCE(a.outcome, '') = 'INTENT'
                WHEN 'SUBMITTED' THEN COALESCE(a.outcome, '') = 'ACCEPTED'
                WHEN 'UNCERTAIN' THEN COALESCE(a.outcome, '') = 'AMBIGUOUS'
                WHEN 'FETCHING' THEN COALESCE(a.outcome, '') = 'SUCCEEDED'
                WHEN 'SUCCEEDED' THEN COALESCE(a.outcome, '') = 'SUCCEEDED'
                WHEN 'LOST' THEN COALESCE(a.outcome, '') = 'SUCCEEDED'
                WHEN 'CANCELLED' THEN COALESCE(a.outcome, 'CANCELLED') IN (%1$s, 'CANCELLED')
                -- After --restored a generation may end so without a submit that this copy knows.
                WHEN 'UNRESOLVED' THEN COALESCE(a.outcome, 'AMBIGUOUS') IN (%1$s, 'AMBIGUOUS')
                ELSE COALESCE(a.outcome, 'NOT_SENT') IN (%1$s) END
              ORDER BY g.id
              """
                  .formatted(UNPAID),
              row ->
                  "%s %s: its last attempt is %s"
                      .formatted(row.text("id"), row.text("state"), row.text("outcome"))),
          Check.of(
              "a generation's task is its last attempt's",
              """
              SELECT g.id, g.task, COALESCE(a.task, 'none') AS other
              FROM generation g
              LEFT JOIN attempt a ON a.generation_id = g.id
                AND a.no = (SELECT MAX(l.no) FROM attempt l WHERE l.generation_id = g.id)
                AND a.account = g.account AND a.key_reference = g.task_key
              WHERE g.task IS NOT NULL AND g.task <> COALESCE(a.task, '')
              ORDER BY g.id
              """,
              row ->
                  "%s: task %s, at its attempt %s"
                      .formatted(row.text("id"), row.text("task"), row.text("other"))),
          Check.of(
              "a provider's task belongs to one attempt",
              """
              SELECT account, task, MIN(generation_id) AS one, MAX(generation_id) AS other,
                COUNT(*) AS value
              FROM attempt WHERE task IS NOT NULL
              GROUP BY account, task HAVING COUNT(*) > 1 ORDER BY account, task
              """,
              row ->
                  "task %s of account %s: at %d attempts, of %s and %s"
                      .formatted(
                          row.text("task"),
                          row.text("account"),
                          row.integer("value"),
                          row.text("one"),
                          row.text("other"))));

  private AttemptChecks() {}
}
