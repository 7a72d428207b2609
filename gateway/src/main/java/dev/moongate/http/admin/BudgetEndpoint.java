package dev.moongate.http.admin;

import dev.moongate.auth.Keys;
import dev.moongate.auth.Projects;
import dev.moongate.http.Exchange;
import dev.moongate.http.ListPage;
import dev.moongate.http.Members;
import dev.moongate.http.Wire;
import dev.moongate.model.Money;
import dev.moongate.policy.Budget;
import dev.moongate.policy.Budget.Period;
import dev.moongate.policy.Budget.Scope;
import dev.moongate.policy.Budgets;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/** {@code /admin/v1/projects/{id}/budgets}, and the same of keys. */
record BudgetEndpoint(
    Scope scope,
    AdminBody bodies,
    Budgets budgets,
    KeyBudgets amounts,
    Keys keys,
    Projects projects,
    InstantSource clock) {
  private static final int ALL = Period.values().length;

  void set(Exchange exchange) throws IOException {
    String id = requireOwner(exchange);
    Period period = period(exchange);
    Members body = bodies.read(exchange, Set.of("amount"));
    Money amount = amounts.amount(body, "amount");
    amounts.maker(exchange.caller()).requireWithin(period, amount, "amount");
    budgets.set(new Budget(scope, id, period, amount), exchange.caller().keyId());
    Instant now = clock.instant();
    Budget.Standing standing =
        budgets.list(scope, id, now).stream()
            .filter(one -> one.budget().period() == period)
            .findFirst()
            .orElseThrow(() -> AdminBody.unknown("budget of this period for", id));
    exchange.json(200, view(standing, now));
  }

  void list(Exchange exchange) throws IOException {
    Instant now = clock.instant();
    List<Budget.Standing> all = budgets.list(scope, requireOwner(exchange), now);
    exchange.json(
        200,
        new ListPage(ALL, null)
            .json(
                all,
                standing -> KeyBudgets.wireName(standing.budget().period()),
                standing -> view(standing, now)));
  }

  void remove(Exchange exchange) throws IOException {
    String id = requireOwner(exchange);
    Period period = period(exchange);
    amounts.maker(exchange.caller()).requireWithin(period, null, "amount");
    if (!budgets.remove(scope, id, period, exchange.caller().keyId())) {
      throw AdminBody.unknown("budget of this period for", id);
    }
    exchange.json(
        200,
        Wire.object()
            .put("object", "budget")
            .put("period", KeyBudgets.wireName(period))
            .put("deleted", true));
  }

  private String requireOwner(Exchange exchange) {
    String id = exchange.wildcard();
    boolean there = scope == Scope.KEY ? keys.find(id).isPresent() : projects.find(id).isPresent();
    if (!there) {
      throw AdminBody.unknown(scope == Scope.KEY ? "key" : "project", id);
    }
    return id;
  }

  private static Period period(Exchange exchange) {
    String name = exchange.wildcard(1);
    return Arrays.stream(Period.values())
        .filter(period -> KeyBudgets.wireName(period).equals(name))
        .findFirst()
        .orElseThrow(() -> AdminBody.unknown("period but day, month and total, and so not", name));
  }

  private static ObjectNode view(Budget.Standing standing, Instant now) {
    Budget budget = standing.budget();
    Money used = standing.reserved().plus(standing.spent());
    long left = Math.max(0, budget.amount().micros() - used.micros());
    ObjectNode json =
        Wire.object()
            .put("object", "budget")
            .put("period", KeyBudgets.wireName(budget.period()))
            .put("currency", used.currency())
            .put("amount", text(budget.amount()))
            .put("reserved", text(standing.reserved()))
            .put("spent", text(standing.spent()))
            .put("remaining", text(new Money(left, used.currency())));
    boolean ends = budget.period() != Period.TOTAL;
    LimitMembers.put(json, "resets_at", ends ? budget.period().endDay(now) * 86_400 : null);
    return json;
  }

  private static String text(Money money) {
    return money.decimal().toPlainString();
  }
}
