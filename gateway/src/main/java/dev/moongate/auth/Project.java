package dev.moongate.auth;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A group of keys that share generations, limits, budgets and a place in the queue.
 *
 * @param id {@code proj_...}, or {@code default}
 * @param weight its share of the turns in a queue, 1 to 1000
 * @param disabledAt since when none of its keys works; null while they do
 */
public record Project(
    String id,
    String organisation,
    String name,
    int weight,
    CallerLimits limits,
    Instant createdAt,
    @Nullable Instant disabledAt) {
  /** The same project under another name, with other terms. */
  public Project with(
      String newName, int newWeight, CallerLimits newLimits, @Nullable Instant newDisabledAt) {
    return new Project(id, organisation, newName, newWeight, newLimits, createdAt, newDisabledAt);
  }
}
