package dev.moongate.policy;

import dev.moongate.model.Money;
import org.jspecify.annotations.Nullable;

/**
 * One line of the append-only ledger. Each kind stands at most once per generation and attempt; a
 * generation that has ended has hold = charge + release.
 *
 * @param attempt the attempt that a provider's cost belongs to; null for the caller's money
 * @param pictures how many pictures the provider takes it for; null for the caller's money
 */
public record LedgerEntry(
    Kind kind, Money amount, @Nullable Integer attempt, @Nullable Integer pictures) {
  /** The caller's money, or a cost of which the number of pictures is not told. */
  public LedgerEntry(Kind kind, Money amount, @Nullable Integer attempt) {
    this(kind, amount, attempt, null);
  }

  /** What the provider takes, or may have taken, for pictures of one attempt. */
  public static LedgerEntry cost(Kind kind, Money each, int pictures, int attempt) {
    return new LedgerEntry(kind, each.times(pictures), attempt, pictures);
  }

  /** What happened to the money. */
  public enum Kind {
    /** Set aside at admission. */
    HOLD,
    /** Taken from the caller, for pictures stored. */
    CHARGE,
    /** Given back to the caller. */
    RELEASE,
    /** What the provider takes from us. */
    COST,
    /** What the provider may have taken from us; nobody knows. */
    SUSPECTED_COST
  }
}
