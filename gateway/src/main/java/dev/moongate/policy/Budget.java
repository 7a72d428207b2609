package dev.moongate.policy;

import dev.moongate.model.Money;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.TemporalAdjusters;

/**
 * How much a project or a key may spend in a period; what is set aside counts as spent.
 *
 * @param scopeId id of the project or key
 * @param amount in the ledger's currency
 */
public record Budget(Scope scope, String scopeId, Period period, Money amount) {
  /** Whose it is. Stored by name. */
  public enum Scope {
    PROJECT,
    KEY
  }

  /** How long it lasts, in UTC. Stored by name. A generation belongs to the day it was admitted. */
  public enum Period {
    DAY,
    MONTH,
    /** For good. */
    TOTAL;

    /** The first day of the period that {@code now} is in, as days since 1970. */
    public long firstDay(Instant now) {
      LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
      return switch (this) {
        case DAY -> today.toEpochDay();
        case MONTH -> today.withDayOfMonth(1).toEpochDay();
        case TOTAL -> Long.MIN_VALUE;
      };
    }

    /** The first day that is not in it any more. */
    public long endDay(Instant now) {
      LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
      return switch (this) {
        case DAY -> today.toEpochDay() + 1;
        case MONTH -> today.with(TemporalAdjusters.firstDayOfNextMonth()).toEpochDay();
        case TOTAL -> Long.MAX_VALUE;
      };
    }
  }

  /**
   * A budget and how it stands.
   *
   * @param reserved set aside for generations that have not ended
   * @param spent charged
   */
  public record Standing(Budget budget, Money reserved, Money spent) {}
}
