package dev.moongate.generation;

import dev.moongate.provider.Refusal;
import dev.moongate.routing.AccountHealth;
import dev.moongate.routing.AccountLane;
import dev.moongate.routing.Routes;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;

/** Those that wait for an account which has just refused another one for reasons of its own. */
final class Bystanders {
  /** Rows of the queue that are in memory at once. */
  private static final int BATCH = 64;

  private final GenerationRows rows;
  private final Endings endings;
  private final Routes routes;
  private final InstantSource clock;

  Bystanders(GenerationRows rows, Endings endings, Routes routes, InstantSource clock) {
    this.rows = rows;
    this.endings = endings;
    this.routes = routes;
    this.clock = clock;
  }

  /** What waits for an account that takes nothing waits for another one, where there is one. */
  void sendElsewhere(AccountLane lane, Instant now) {
    String account = lane.account().name();
    for (String model : routes.models()) {
      if (routes.of(model).contains(lane)) {
        routes
            .next(model, Set.of(account), now)
            .ifPresent(other -> rows.reroute(model, account, other.account().name()));
      }
    }
  }

  /**
   * The probe was refused too: those who wait are told now, not one every half minute. Who comes
   * after this waits for the next probe; and if that goes well, so do the rest.
   */
  void refuse(Refusal refusal, AccountLane lane) {
    Instant begun = clock.instant();
    Failure failure = new Failure(refusal.code(), refusal.message(), refusal.param());
    List<Generation> waiting;
    do {
      waiting = rows.allQueued(lane.account().name(), BATCH);
      for (Generation one : waiting) {
        if (!paused(lane) || one.createdAt().isAfter(begun)) {
          return;
        }
        endings.fail(one, failure, null);
      }
    } while (waiting.size() == BATCH);
  }

  private boolean paused(AccountLane lane) {
    return lane.health().standing(clock.instant()).condition() == AccountHealth.Condition.PAUSED;
  }
}
