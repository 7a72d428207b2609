package dev.moongate.db;

import dev.moongate.error.ErrorCode;
import dev.moongate.error.GatewayException;
import dev.moongate.generation.Generation;
import dev.moongate.model.Money;
import dev.moongate.policy.Budget;
import dev.moongate.policy.Budget.Period;
import dev.moongate.policy.Budget.Scope;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What projects and keys have set aside and spent, and whether they may more. Runs inside the
 * transactions of admission and end; admissions are one at a time, so what is checked still holds
 * when it is written.
 */
final class Spendings {
  private static final Duration SOON = Duration.ofSeconds(5);

  private Spendings() {}

  /** Sums of a period, in micro-units. */
  record Sums(long reserved, long spent) {}

  /**
   * Sets a generation's hold aside in its project's and its key's counters.
   *
   * @throws GatewayException {@code insufficient_quota} or {@code rate_limit_exceeded} if that
   *     would be too much; then the transaction is undone
   */
  static void reserve(Sql sql, Generation asked) throws SQLException {
    require(sql, asked);
    long hold = asked.hold().micros();
    add(sql, Scope.PROJECT, asked.project(), asked.createdAt(), hold, asked.pixels());
    add(sql, Scope.KEY, asked.keyId(), asked.createdAt(), hold, asked.pixels());
  }

  /**
   * Checks what {@link #reserve} would write.
   *
   * @throws GatewayException as it does
   */
  static void require(Sql sql, Generation asked) throws SQLException {
    require(sql, asked, Scope.PROJECT, asked.project());
    require(sql, asked, Scope.KEY, asked.keyId());
  }

  private static void require(Sql sql, Generation asked, Scope scope, String id)
      throws SQLException {
    requireLimits(sql, asked, scope, id);
    for (Budget budget : budgets(sql, scope, id, asked.unitPrice().currency())) {
      Sums sums = sums(sql, budget, asked.createdAt());
      long used = Math.addExact(sums.reserved(), sums.spent());
      if (Math.addExact(used, asked.hold().micros()) > budget.amount().micros()) {
        throw budgetGone(budget, used, asked.hold());
      }
    }
  }

  private static void add(
      Sql sql, Scope scope, String id, Instant admitted, long reserved, long pixels)
      throws SQLException {
    sql.update(
        """
        INSERT INTO spending (scope, scope_id, day, reserved, spent, pixels)
        VALUES (?, ?, ?, ?, 0, ?)
        ON CONFLICT (scope, scope_id, day) DO UPDATE
        SET reserved = spending.reserved + excluded.reserved,
          pixels = spending.pixels + excluded.pixels
        """,
        scope,
        id,
        day(admitted),
        reserved,
        pixels);
  }

  /**
   * A generation has ended: its hold is not set aside any more, its charge is spent, and pixels
   * that were not delivered are given back.
   */
  static void settle(Sql sql, Generation seen, @Nullable Money charge) throws SQLException {
    long delivered =
        sql.number(
            """
            SELECT COALESCE(SUM(CAST(width AS BIGINT) * height), 0) AS value FROM image
            WHERE generation_id = ? AND state = 'STORED'
            """,
            seen.id());
    long back = Math.max(0, seen.pixels() - delivered);
    long spent = charge == null ? 0 : charge.micros();
    settle(sql, Scope.PROJECT, seen.project(), seen, spent, back);
    settle(sql, Scope.KEY, seen.keyId(), seen, spent, back);
  }

  private static void settle(
      Sql sql, Scope scope, String id, Generation seen, long spent, long back) throws SQLException {
    int settled =
        sql.update(
            """
            UPDATE spending SET reserved = reserved - ?, spent = spent + ?, pixels = pixels - ?
            WHERE scope = ? AND scope_id = ? AND day = ?
            """,
            seen.hold().micros(),
            spent,
            back,
            scope,
            id,
            day(seen.createdAt()));
    if (settled != 1) {
      throw new IllegalStateException(seen.id() + " has no counters in " + scope + " " + id);
    }
  }

  static List<Budget> budgets(Sql sql, Scope scope, String id, String currency)
      throws SQLException {
    return sql.list(
        "SELECT period, amount FROM budget WHERE scope = ? AND scope_id = ? ORDER BY period",
        row ->
            new Budget(
                scope,
                id,
                Period.valueOf(row.text("period")),
                new Money(row.number("amount"), currency)),
        scope,
        id);
  }

  /** What the days of the budget's period add up to. */
  static Sums sums(Sql sql, Budget budget, Instant now) throws SQLException {
    return sql.first(
            """
            SELECT COALESCE(SUM(reserved), 0) AS reserved, COALESCE(SUM(spent), 0) AS spent
            FROM spending WHERE scope = ? AND scope_id = ? AND day >= ? AND day < ?
            """,
            row -> new Sums(row.number("reserved"), row.number("spent")),
            budget.scope(),
            budget.scopeId(),
            budget.period().firstDay(now),
            budget.period().endDay(now))
        .orElseThrow();
  }

  private static void requireLimits(Sql sql, Generation asked, Scope scope, String id)
      throws SQLException {
    String table = scope == Scope.KEY ? "api_key" : "project";
    var limits =
        sql.first(
                "SELECT pixels_per_day, concurrent, requests_per_minute, images_per_minute FROM "
                    + table
                    + " WHERE id = ?",
                row -> KeyTermsRow.limits(row, ""),
                id)
            .orElseThrow();
    Long concurrent = limits.concurrent();
    if (concurrent != null && open(sql, scope, id) >= concurrent) {
      throw tooMuch(
          "%s may have %d generations at once, and has them; wait for one to end"
              .formatted(name(scope), concurrent),
          SOON);
    }
    Long pixels = limits.pixelsPerDay();
    if (pixels != null) {
      long used =
          sql.number(
              """
              SELECT COALESCE(SUM(pixels), 0) AS value FROM spending
              WHERE scope = ? AND scope_id = ? AND day = ?
              """,
              scope,
              id,
              day(asked.createdAt()));
      if (used + asked.pixels() > pixels) {
        throw tooMuch(
            "%s may have %d pixels a day; %d are used, and this asks for %d; the next day begins at 00:00 UTC"
                .formatted(name(scope), pixels, used, asked.pixels()),
            untilTomorrow(asked.createdAt()));
      }
    }
  }

  private static long open(Sql sql, Scope scope, String id) throws SQLException {
    return sql.number(
        """
        SELECT COUNT(*) AS value FROM generation
        WHERE state IN ('ADMITTED', 'DISPATCHING', 'SUBMITTED', 'UNCERTAIN', 'FETCHING')
          AND %s = ?
        """
            .formatted(scope == Scope.KEY ? "key_id" : "project_id"),
        id);
  }

  private static GatewayException budgetGone(Budget budget, long used, Money hold) {
    String currency = hold.currency();
    return new GatewayException(
        ErrorCode.INSUFFICIENT_QUOTA,
        "%s has a budget of %s%s; %s are spent or set aside, and this needs up to %s; nothing was started or charged"
            .formatted(
                name(budget.scope()),
                budget.amount(),
                switch (budget.period()) {
                  case DAY -> " a day (UTC)";
                  case MONTH -> " a month (UTC)";
                  case TOTAL -> "";
                },
                new Money(used, currency),
                hold));
  }

  private static GatewayException tooMuch(String message, Duration wait) {
    return new GatewayException(
            ErrorCode.RATE_LIMIT_EXCEEDED, message + "; nothing was started or charged")
        .after(wait);
  }

  private static String name(Scope scope) {
    return scope == Scope.KEY ? "This key" : "This project";
  }

  private static Duration untilTomorrow(Instant now) {
    return Duration.between(now, Instant.ofEpochSecond((day(now) + 1) * 86_400));
  }

  private static long day(Instant instant) {
    return LocalDate.ofInstant(instant, ZoneOffset.UTC).toEpochDay();
  }
}
