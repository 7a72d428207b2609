package dev.moongate.routing;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Weighted deficit round robin: each that waits gets credit in turn, by its weight, and has its
 * turn while it has credit. What is taken is paid afterwards, so credit may go below zero: then
 * turns are passed over until it is earned back, also by one that went away and came again.
 */
final class Turns {
  /** In the order of the round. */
  private final Map<String, Long> credits = new LinkedHashMap<>();

  private @Nullable String current;

  /**
   * Whose turn it is; the same again until {@link #took} was said or others wait.
   *
   * @param weights of all that wait; at least one
   */
  String next(Map<String, Integer> weights) {
    credits.entrySet().removeIf(e -> !weights.containsKey(e.getKey()) && e.getValue() >= 0);
    weights.keySet().forEach(id -> credits.putIfAbsent(id, 0L));
    while (true) {
      String id = current;
      if (id != null && weights.containsKey(id) && credits.getOrDefault(id, 0L) > 0) {
        return id;
      }
      String following = following(id);
      current = following;
      int weight = weights.getOrDefault(following, 1);
      credits.compute(
          following,
          (_, credit) -> {
            long more = (credit == null ? 0 : credit) + weight;
            // One that waits for nothing pays back, and saves nothing.
            return weights.containsKey(following) ? more : Math.min(0, more);
          });
    }
  }

  /** So much was taken. */
  void took(String id, long cost) {
    credits.merge(id, -cost, Long::sum);
  }

  private String following(@Nullable String id) {
    List<String> round = new ArrayList<>(credits.keySet());
    int at = id == null ? -1 : round.indexOf(id);
    return round.get((at + 1) % round.size());
  }
}
