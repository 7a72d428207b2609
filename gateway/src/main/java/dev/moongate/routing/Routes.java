package dev.moongate.routing;

import dev.moongate.model.Money;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which accounts may make a model's pictures, the preferred one first. A generation waits for one
 * account at a time; it goes on to the next only when it is certain that nothing was begun.
 */
public final class Routes {
  private final List<AccountLane> lanes;
  private final Map<String, List<AccountLane>> byModel;

  /**
   * @param lanes all accounts
   * @param byModel the accounts of each model, in order; a model that is missing has none
   */
  public Routes(List<AccountLane> lanes, Map<String, List<AccountLane>> byModel) {
    this.lanes = List.copyOf(lanes);
    this.byModel = Map.copyOf(byModel);
  }

  /** All accounts. */
  public List<AccountLane> lanes() {
    return lanes;
  }

  /** Their names. */
  public Set<String> names() {
    Set<String> names = new TreeSet<>();
    lanes.forEach(lane -> names.add(lane.account().name()));
    return names;
  }

  /** The accounts of a model, the preferred one first. */
  public List<AccountLane> of(String model) {
    return byModel.getOrDefault(model, List.of());
  }

  /** The models that an account may serve. */
  public Set<String> models() {
    return new TreeSet<>(byModel.keySet());
  }

  /**
   * Where a new generation waits: the first account that takes work, or the first of all if none
   * does. Empty if the model has no account.
   */
  public Optional<AccountLane> first(String model, Instant now) {
    List<AccountLane> all = of(model);
    return all.stream()
        .filter(lane -> lane.health().open(now))
        .findFirst()
        .or(() -> all.stream().findFirst());
  }

  /** The next account that takes work and is not among {@code tried}. */
  public Optional<AccountLane> next(String model, Set<String> tried, Instant now) {
    return of(model).stream()
        .filter(lane -> !tried.contains(lane.account().name()))
        .filter(lane -> lane.health().open(now))
        .findFirst();
  }

  /** What the provider takes for one picture at the account; {@code usual} if it is not known. */
  public Money cost(@Nullable String account, String model, Money usual) {
    return lane(account).map(lane -> lane.account().cost(model, usual)).orElse(usual);
  }

  /** The account of this name; empty if the settings do not name it. */
  public Optional<AccountLane> lane(@Nullable String account) {
    return lanes.stream().filter(lane -> lane.account().name().equals(account)).findFirst();
  }
}
