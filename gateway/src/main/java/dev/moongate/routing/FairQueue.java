package dev.moongate.routing;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Whose generation an account takes next: turns go round the projects, and within a project round
 * its keys, each by its weight, counted in pictures. Kept in memory only: after a restart the round
 * begins anew. Safe for several threads.
 */
public final class FairQueue {
  private final Turns projects = new Turns();
  private final Map<String, Turns> keys = new HashMap<>();

  /** Whose turn it is among those that wait; empty if nobody does. */
  public synchronized Optional<Flow> next(List<Flow> waiting) {
    if (waiting.isEmpty()) {
      return Optional.empty();
    }
    Map<String, Integer> byProject = new LinkedHashMap<>();
    waiting.forEach(flow -> byProject.put(flow.project(), flow.projectWeight()));
    String project = projects.next(byProject);
    Map<String, Integer> byKey = new LinkedHashMap<>();
    waiting.stream()
        .filter(flow -> flow.project().equals(project))
        .forEach(flow -> byKey.put(flow.key(), flow.keyWeight()));
    String key = keys.computeIfAbsent(project, _ -> new Turns()).next(byKey);
    return waiting.stream()
        .filter(flow -> flow.project().equals(project) && flow.key().equals(key))
        .findFirst();
  }

  /** The turn was used for a generation of so many pictures. */
  public synchronized void served(Flow flow, int pictures) {
    projects.took(flow.project(), pictures);
    keys.computeIfAbsent(flow.project(), _ -> new Turns()).took(flow.key(), pictures);
  }

  /**
   * How many generations are served before one that has {@code before} of its own key before it, if
   * nothing else comes: all of its own key's, and of the others' what their weights give them
   * meanwhile.
   */
  public static int ahead(List<Flow> waiting, String project, String key, int before) {
    Flow own =
        waiting.stream()
            .filter(flow -> flow.project().equals(project) && flow.key().equals(key))
            .findFirst()
            .orElse(new Flow(project, 1, key, 1, before + 1, before + 1));
    double each = own.waiting() == 0 ? 1 : (double) own.pictures() / own.waiting();
    double ownPictures = (before + 1) * each;
    double ofProject = ownPictures;
    double count = before;
    for (Flow flow : waiting) {
      if (flow.project().equals(project) && !flow.key().equals(key)) {
        double taken = ownPictures / own.keyWeight() * flow.keyWeight();
        double part = Math.min(1, taken / flow.pictures());
        ofProject += part * flow.pictures();
        count += part * flow.waiting();
      }
    }
    Map<String, Flow> others = new LinkedHashMap<>();
    for (Flow flow : waiting) {
      if (!flow.project().equals(project)) {
        others.merge(flow.project(), flow, FairQueue::together);
      }
    }
    for (Flow other : others.values()) {
      double taken = ofProject / own.projectWeight() * other.projectWeight();
      count += Math.min(1, taken / other.pictures()) * other.waiting();
    }
    return (int) Math.min(Integer.MAX_VALUE, Math.floor(count));
  }

  private static Flow together(Flow a, Flow b) {
    return new Flow(
        a.project(),
        a.projectWeight(),
        "",
        1,
        a.waiting() + b.waiting(),
        a.pictures() + b.pictures());
  }
}
