package dev.moongate.policy;

import java.time.Instant;
import java.util.List;

/** The budgets. Implemented in {@code db}; methods block. Every change names who makes it. */
public interface Budgets {
  /** Sets a budget, in place of one for the same period. */
  void set(Budget budget, String actor);

  /** Lifts a budget; false if there was none. */
  boolean remove(Budget.Scope scope, String scopeId, Budget.Period period, String actor);

  /** All budgets of a project or key, and how they stand at {@code now}. */
  List<Budget.Standing> list(Budget.Scope scope, String scopeId, Instant now);
}
