package dev.moongate.db;

import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/**
 * Checks what the rows must say whatever happened to the process, on one view of all of them.
 * Whether the pictures' files are as their rows say is another matter: {@link AuditedPictures}.
 */
public final class Audit {
  private final ReadOnlyDatabase database;
  private final List<Check> checks;

  /**
   * @param secrets the providers' credentials, which must not stand in any row
   * @param now what is older than it may be is older at this moment
   */
  public Audit(ReadOnlyDatabase database, Collection<String> secrets, Instant now) {
    this.database = database;
    this.checks =
        Stream.of(
                MoneyChecks.ALL,
                BudgetChecks.ALL,
                AttemptChecks.ALL,
                PictureChecks.ALL,
                LifeChecks.at(now),
                List.of(new SecretCheck(database, secrets).check()))
            .flatMap(List::stream)
            .toList();
  }

  /** Something that does not hold. */
  public record Violation(String invariant, String where) {
    @Override
    public String toString() {
      return invariant + ": " + where;
    }
  }

  /** How much was looked at, and what does not hold. */
  public record Findings(
      long generations, long attempts, long ledgerLines, List<Violation> violations) {
    public Findings {
      violations = List.copyOf(violations);
    }
  }

  public Findings run() {
    return database.read(sql -> {
      List<Violation> violations = new ArrayList<>();
      for (Check check : checks) {
        violations.addAll(check.violations(sql));
      }
      return new Findings(
          count(sql, "generation"), count(sql, "attempt"), count(sql, "ledger"), violations);
    });
  }

  private static long count(Sql sql, String table) throws SQLException {
    return sql.number("SELECT COUNT(*) AS value FROM " + table);
  }
}
