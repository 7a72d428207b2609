package dev.moongate.db;

import java.time.LocalDate;
import java.util.List;

/** What holds between the counters that budgets are checked against and the ledger. */
final class BudgetChecks {
  /** What the counters of a scope should be, by the generations and the ledger. */
  private static final String BOOKED =
      """
      SELECT '%1$s' AS scope, g.%2$s AS scope_id, g.created_at / 86400000000 AS day,
        0 AS reserved, 0 AS spent,
        SUM(CASE WHEN g.state IN ('ADMITTED', 'DISPATCHING', 'SUBMITTED', 'UNCERTAIN', 'FETCHING')
          THEN g.unit_price * g.n ELSE 0 END) AS held,
        SUM((SELECT COALESCE(SUM(l.amount), 0) FROM ledger l
          WHERE l.generation_id = g.id AND l.kind = 'CHARGE')) AS charged
      FROM generation g GROUP BY g.%2$s, g.created_at / 86400000000
      """;

  static final List<Check> ALL =
      List.of(
          Check.of(
              "the counters of a day are what the ledger adds up to",
              """
              SELECT scope, scope_id, day, SUM(reserved) AS reserved, SUM(spent) AS spent,
                SUM(held) AS held, SUM(charged) AS charged
              FROM (
                SELECT scope, scope_id, day, reserved, spent, 0 AS held, 0 AS charged FROM spending
                UNION ALL %s UNION ALL %s) both_sides
              GROUP BY scope, scope_id, day
              HAVING SUM(reserved) <> SUM(held) OR SUM(spent) <> SUM(charged)
              ORDER BY scope, scope_id, day
              """
                  .formatted(
                      BOOKED.formatted("PROJECT", "project_id"), BOOKED.formatted("KEY", "key_id")),
              row ->
                  "%s %s on %s: reserved %d, the ledger says %d; spent %d, the ledger says %d"
                      .formatted(
                          row.text("scope"),
                          row.text("scope_id"),
                          LocalDate.ofEpochDay(row.number("day")),
                          row.number("reserved"),
                          row.number("held"),
                          row.number("spent"),
                          row.number("charged"))));

  private BudgetChecks() {}
}
