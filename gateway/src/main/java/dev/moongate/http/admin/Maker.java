package dev.moongate.http.admin;

import dev.moongate.auth.Caller;
import dev.moongate.auth.CallerLimits;
import dev.moongate.auth.KeyTerms;
import dev.moongate.auth.Keys;
import dev.moongate.error.ErrorCode;
import dev.moongate.error.GatewayException;
import dev.moongate.model.Money;
import dev.moongate.policy.Budget;
import dev.moongate.policy.Budget.Period;
import dev.moongate.policy.Budgets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The key that asks for a change: what it grants, it has itself.
 *
 * @param budgets its own; those of its project bind whatever it makes there anyway
 */
record Maker(Grant own, List<Budget> budgets) {
  /** What a key is given, budgets aside. */
  record Grant(KeyTerms terms, @Nullable Instant expiresAt) {
    /** Where more is more; null for no limit at all. */
    private Map<String, @Nullable Long> measures() {
      CallerLimits limits = terms.limits();
      Map<String, @Nullable Long> all = new LinkedHashMap<>();
      all.put("limits.requests_per_minute", limits.requestsPerMinute());
      all.put("limits.images_per_minute", limits.imagesPerMinute());
      all.put("limits.pixels_per_day", limits.pixelsPerDay());
      all.put("limits.concurrent", limits.concurrent());
      all.put("link_life_seconds", terms.linkLife() == null ? null : terms.linkLife().toSeconds());
      all.put("expires_at", expiresAt == null ? null : expiresAt.getEpochSecond());
      return all;
    }

    static Grant of(Keys.KeyRow row) {
      return new Grant(row.terms(), row.expiresAt());
    }
  }

  static Maker of(Caller caller, Keys keys, Budgets budgets, InstantSource clock) {
    Instant end = keys.find(caller.keyId()).map(Keys.KeyRow::expiresAt).orElse(null);
    return new Maker(
        new Grant(caller.terms(), end),
        budgets.list(Budget.Scope.KEY, caller.keyId(), clock.instant()).stream()
            .map(Budget.Standing::budget)
            .toList());
  }

  /**
   * Refuses what is more than the maker's own, unless it was so before.
   *
   * @param before null for a key that is new, or handed out anew
   */
  void requireWithin(@Nullable Grant before, Grant after) {
    if (!own.terms().role().covers(after.terms().role())) {
      throw more("role");
    }
    Set<String> models = own.terms().models();
    Set<String> granted = after.terms().models();
    boolean sameModels = before != null && Objects.equals(before.terms().models(), granted);
    if (models != null && !sameModels && (granted == null || !models.containsAll(granted))) {
      throw more("models");
    }
    Map<String, @Nullable Long> most = own.measures();
    Map<String, @Nullable Long> old = before == null ? Map.of() : before.measures();
    after
        .measures()
        .forEach((name, value) -> {
          boolean untouched = before != null && Objects.equals(old.get(name), value);
          if (!untouched && exceeds(value, most.get(name))) {
            throw more(name);
          }
        });
  }

  /**
   * Refuses a budget that is more than the maker's own of the same period.
   *
   * @param amount null for none at all
   */
  void requireWithin(Period period, @Nullable Money amount, String param) {
    for (Budget budget : budgets) {
      if (budget.period() == period
          && (amount == null || amount.micros() > budget.amount().micros())) {
        throw more(param);
      }
    }
  }

  /** Refuses budgets that leave more than the maker's own do. */
  void requireWithin(Map<Period, Money> granted) {
    for (Period period : Period.values()) {
      requireWithin(
          period, granted.get(period), "budgets." + period.name().toLowerCase(Locale.ROOT));
    }
  }

  private static boolean exceeds(@Nullable Long value, @Nullable Long most) {
    return most != null && (value == null || value > most);
  }

  private static GatewayException more(String param) {
    return new GatewayException(
        ErrorCode.PERMISSION_DENIED,
        param,
        "%s would be more than the key that asks for it has itself".formatted(param));
  }
}
