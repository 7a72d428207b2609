package dev.moongate.db;

import dev.moongate.model.Money;
import java.sql.SQLException;
import java.util.List;

/** What holds between a generation and its lines in the ledger. */
final class MoneyChecks {
  /** Each generation with what its lines come to. */
  private static final String SUMS =
      """
      WITH money AS (
        SELECT g.id, g.state, g.n, g.unit_price, g.currency, g.cost,
          COALESCE(SUM(CASE WHEN l.kind = 'HOLD' THEN l.amount END), 0) AS hold,
          COALESCE(SUM(CASE WHEN l.kind = 'CHARGE' THEN l.amount END), 0) AS charge,
          COALESCE(SUM(CASE WHEN l.kind = 'RELEASE' THEN l.amount END), 0) AS released,
          COUNT(CASE WHEN l.kind IN ('CHARGE', 'RELEASE') THEN 1 END) AS ends,
          COUNT(CASE WHEN l.kind = 'SUSPECTED_COST' THEN 1 END) AS suspected,
          COUNT(CASE WHEN l.kind = 'COST' THEN 1 END) AS costs,
          (SELECT COUNT(*) FROM image i
            WHERE i.generation_id = g.id AND i.state IN ('STORED', 'REMOVED')) AS stored
        FROM generation g LEFT JOIN ledger l ON l.generation_id = g.id
        GROUP BY g.id, g.state, g.n, g.unit_price, g.currency, g.cost)
      """;

  private static final String OPEN =
      "state IN ('ADMITTED', 'DISPATCHING', 'SUBMITTED', 'UNCERTAIN', 'FETCHING')";

  static final List<Check> ALL =
      List.of(
          Check.of(
              "the hold is the price of the pictures asked for",
              SUMS + "SELECT * FROM money WHERE hold <> unit_price * n ORDER BY id",
              row ->
                  "%s: HOLD %s for %d at %s"
                      .formatted(
                          row.text("id"),
                          money(row, "hold"),
                          row.integer("n"),
                          money(row, "unit_price"))),
          Check.of(
              "hold = charge + release once a generation has ended",
              SUMS
                  + "SELECT * FROM money WHERE NOT (%s) AND hold <> charge + released ORDER BY id"
                      .formatted(OPEN),
              row ->
                  "%s %s: HOLD %s, CHARGE %s, RELEASE %s"
                      .formatted(
                          row.text("id"),
                          row.text("state"),
                          money(row, "hold"),
                          money(row, "charge"),
                          money(row, "released"))),
          Check.of(
              "nothing is charged or released before the end",
              SUMS + "SELECT * FROM money WHERE %s AND ends > 0 ORDER BY id".formatted(OPEN),
              row ->
                  "%s %s: CHARGE %s, RELEASE %s"
                      .formatted(
                          row.text("id"),
                          row.text("state"),
                          money(row, "charge"),
                          money(row, "released"))),
          Check.of(
              "charged for the pictures that are stored, and for nothing else",
              SUMS
                  + """
                  SELECT * FROM money
                  WHERE (state IN ('SUCCEEDED', 'LOST') AND charge <> stored * unit_price)
                    OR (state = 'SUCCEEDED' AND stored = 0)
                    OR (state IN ('FAILED', 'CANCELLED', 'UNRESOLVED') AND charge <> 0)
                  ORDER BY id
                  """,
              row ->
                  "%s %s: CHARGE %s for %d stored at %s"
                      .formatted(
                          row.text("id"),
                          row.text("state"),
                          money(row, "charge"),
                          row.integer("stored"),
                          money(row, "unit_price"))),
          Check.of(
              "the cost that the caller is shown is the charge",
              SUMS
                  + """
                  SELECT * FROM money
                  WHERE CASE WHEN state IN ('SUCCEEDED', 'LOST') THEN COALESCE(cost, -1) <> charge
                    ELSE cost IS NOT NULL END
                  ORDER BY id
                  """,
              row ->
                  "%s %s: cost %s, CHARGE %s"
                      .formatted(
                          row.text("id"),
                          row.text("state"),
                          row.numberOrNull("cost") == null ? "none" : money(row, "cost"),
                          money(row, "charge"))),
          Check.of(
              "a cost is suspected where the outcome is unknown, and only there",
              SUMS
                  + """
                  SELECT * FROM money
                  WHERE (state = 'UNRESOLVED' OR (state = 'LOST' AND costs = 0)) <> (suspected > 0)
                  ORDER BY id
                  """,
              row ->
                  "%s %s: %d lines of SUSPECTED_COST"
                      .formatted(row.text("id"), row.text("state"), row.integer("suspected"))),
          Check.of(
              "a generation has one currency",
              """
              SELECT g.id, g.currency AS own, l.kind, l.amount, l.currency
              FROM ledger l JOIN generation g ON g.id = l.generation_id
              WHERE l.currency <> g.currency ORDER BY g.id, l.kind
              """,
              row ->
                  "%s in %s: %s %s"
                      .formatted(
                          row.text("id"), row.text("own"), row.text("kind"), money(row, "amount"))),
          Check.of(
              "a provider's cost belongs to an attempt that may have cost it",
              """
              SELECT l.generation_id, l.kind, l.amount, l.currency, l.attempt_no,
                COALESCE(a.outcome, 'not there') AS outcome
              FROM ledger l JOIN generation g ON g.id = l.generation_id
              LEFT JOIN attempt a ON a.generation_id = l.generation_id AND a.no = l.attempt_no
              WHERE (l.kind = 'COST' AND COALESCE(a.outcome, '') <> 'SUCCEEDED')
                OR (l.kind = 'SUSPECTED_COST' AND a.no IS NULL
                  AND NOT (l.attempt_no = 0 AND g.attempts = 0))
              ORDER BY l.generation_id, l.attempt_no
              """,
              row ->
                  "%s: %s %s, but attempt %d is %s"
                      .formatted(
                          row.text("generation_id"),
                          row.text("kind"),
                          money(row, "amount"),
                          row.integer("attempt_no"),
                          row.text("outcome"))));

  private MoneyChecks() {}

  private static Money money(Row row, String column) throws SQLException {
    return new Money(row.number(column), row.text("currency"));
  }
}
