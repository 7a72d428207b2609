package dev.moongate.db;

import dev.moongate.model.Money;
import dev.moongate.policy.Budget;
import dev.moongate.policy.Budgets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.JsonNodeFactory;

/** The budgets' table; each change is one transaction with its line in the audit log. */
public final class BudgetTable implements Budgets {
  private final Database database;
  private final InstantSource clock;
  private final String currency;

  /**
   * @param currency of the ledger
   */
  public BudgetTable(Database database, InstantSource clock, String currency) {
    this.database = database;
    this.clock = clock;
    this.currency = currency;
  }

  @Override
  public void set(Budget budget, String actor) {
    if (!budget.amount().currency().equals(currency)) {
      throw new IllegalArgumentException("the ledger is in " + currency);
    }
    database.write(sql -> {
      int set =
          sql.update(
              """
              INSERT INTO budget (scope, scope_id, period, amount) VALUES (?, ?, ?, ?)
              ON CONFLICT (scope, scope_id, period) DO UPDATE SET amount = excluded.amount
              """,
              budget.scope(),
              budget.scopeId(),
              budget.period(),
              budget.amount().micros());
      String detail =
          JsonNodeFactory.instance
              .objectNode()
              .put("period", budget.period().name())
              .put("amount", budget.amount().toString())
              .toString();
      AuditTable.write(sql, clock.instant(), actor, "budget.set", budget.scopeId(), detail);
      return set;
    });
  }

  @Override
  public boolean remove(Budget.Scope scope, String scopeId, Budget.Period period, String actor) {
    return database.write(sql -> {
      int removed =
          sql.update(
              "DELETE FROM budget WHERE scope = ? AND scope_id = ? AND period = ?",
              scope,
              scopeId,
              period);
      if (removed == 1) {
        String detail =
            JsonNodeFactory.instance.objectNode().put("period", period.name()).toString();
        AuditTable.write(sql, clock.instant(), actor, "budget.remove", scopeId, detail);
      }
      return removed == 1;
    });
  }

  @Override
  public List<Budget.Standing> list(Budget.Scope scope, String scopeId, Instant now) {
    return database.read(sql -> {
      List<Budget.Standing> all = new ArrayList<>();
      for (Budget budget : Spendings.budgets(sql, scope, scopeId, currency)) {
        Spendings.Sums sums = Spendings.sums(sql, budget, now);
        all.add(
            new Budget.Standing(
                budget, new Money(sums.reserved(), currency), new Money(sums.spent(), currency)));
      }
      return all;
    });
  }
}
