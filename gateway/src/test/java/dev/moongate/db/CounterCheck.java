package dev.moongate.db;

import java.util.ArrayList;
import java.util.List;

/** The audit's checks of money, for tests that live in another room. */
public record CounterCheck(Database database) {
  /** What does not hold, a line each. */
  public List<String> differences() {
    return database.read(sql -> {
      List<String> lines = new ArrayList<>();
      for (Check check : BudgetChecks.ALL) {
        check.violations(sql).forEach(violation -> lines.add(violation.toString()));
      }
      for (Check check : MoneyChecks.ALL) {
        check.violations(sql).forEach(violation -> lines.add(violation.toString()));
      }
      return lines;
    });
  }
}
