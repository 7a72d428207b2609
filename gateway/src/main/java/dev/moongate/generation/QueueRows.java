package dev.moongate.generation;

import dev.moongate.routing.Flow;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What waits for accounts, what runs there, and what comes due. A part of the generation table. */
public interface QueueRows {
  /**
   * Rows in SUBMITTED, UNCERTAIN or FETCHING of the account that are due, oldest due first, without
   * those in {@code except}.
   */
  List<Generation> due(String account, Instant now, Set<String> except, int limit);

  /** When the next row of {@link #due} comes due; empty if there is none. */
  Optional<Instant> nextDue(String account, Set<String> except);

  /**
   * What waits for an account and may be submitted at {@code now}, by key; without {@code except}.
   */
  List<Flow> flows(String account, Instant now, Set<String> except);

  /** The oldest of a flow whose time has come; skips {@code except}. */
  Optional<Generation> nextQueued(String account, Flow flow, Instant now, Set<String> except);

  /** When the next of the account's waiting rows may be submitted; skips {@code except}. */
  Optional<Instant> nextQueuedAt(String account, Set<String> except);

  /** Rows that have waited for the account past their deadline. */
  List<Generation> expired(String account, Instant now, Set<String> except, int limit);

  /**
   * How many generations run at the account (DISPATCHING, UNCERTAIN, SUBMITTED), without those in
   * {@code except}.
   */
  int running(String account, Set<String> except);

  /** How many of its own key wait for its account before this one. */
  int ahead(Generation generation);

  /** All generations that wait for the account, oldest first. */
  List<Generation> allQueued(String account, int limit);

  /** Accounts that waiting rows of a model name; empty text for none. */
  Set<String> waitingAt(String model);
}
