package dev.moongate.http.admin;

import dev.moongate.auth.Caller;
import dev.moongate.auth.Keys;
import dev.moongate.http.Members;
import dev.moongate.model.Money;
import dev.moongate.policy.Budget;
import dev.moongate.policy.Budget.Period;
import dev.moongate.policy.Budget.Scope;
import dev.moongate.policy.Budgets;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** Budgets of keys, and of those who make them. */
record KeyBudgets(Budgets budgets, Keys keys, String currency, InstantSource clock) {
  /** Who asks, and what it has. */
  Maker maker(Caller caller) {
    return Maker.of(caller, keys, budgets, clock);
  }

  /** The budgets in a body: {@code {"day": "20.00"}}. */
  Map<Period, Money> read(Members body) {
    Map<Period, Money> read = new EnumMap<>(Period.class);
    JsonNode node = body.find("budgets");
    if (node == null) {
      return read;
    }
    Members members = Members.of(node, "budgets");
    members.refuseOthers(Arrays.stream(Period.values()).map(KeyBudgets::wireName).toList());
    for (Period period : Period.values()) {
      if (members.find(wireName(period)) != null) {
        read.put(period, amount(members, wireName(period)));
      }
    }
    return read;
  }

  /** An amount as text: numbers of JSON lose cents in some languages. */
  Money amount(Members members, String name) {
    String text = AdminBody.required(members.path(name), members.text(name));
    try {
      return Money.parse(text, currency);
    } catch (IllegalArgumentException e) {
      throw AdminBody.invalid(members.path(name), members.path(name) + " " + e.getMessage());
    }
  }

  void set(String keyId, Map<Period, Money> amounts, String actor) {
    amounts.forEach(
        (period, amount) -> budgets.set(new Budget(Scope.KEY, keyId, period, amount), actor));
  }

  Map<Period, Money> of(String keyId) {
    return budgets.list(Scope.KEY, keyId, clock.instant()).stream()
        .map(Budget.Standing::budget)
        .collect(Collectors.toMap(Budget::period, Budget::amount));
  }

  static String wireName(Period period) {
    return period.name().toLowerCase(Locale.ROOT);
  }
}
