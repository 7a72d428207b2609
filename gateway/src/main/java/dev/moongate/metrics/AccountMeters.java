package dev.moongate.metrics;

import dev.moongate.generation.QueueRows;
import dev.moongate.routing.AccountHealth;
import dev.moongate.routing.AccountLane;
import dev.moongate.routing.Flow;
import dev.moongate.routing.Routes;
import io.micrometer.core.instrument.Gauge;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;

/** How the accounts stand, read from the rows whenever somebody asks. */
public final class AccountMeters {
  /** Longer than anything that waits is held back. */
  private static final Duration EVENTUALLY = Duration.ofDays(1);

  private final QueueRows rows;
  private final InstantSource clock;

  private AccountMeters(QueueRows rows, InstantSource clock) {
    this.rows = rows;
    this.clock = clock;
  }

  /** Adds gauges of every account. */
  public static void add(Meters meters, Routes routes, QueueRows rows, InstantSource clock) {
    AccountMeters all = new AccountMeters(rows, clock);
    for (AccountLane lane : routes.lanes()) {
      String name = lane.account().name();
      Gauge.builder("moongate.queue.length", all, a -> a.queued(name))
          .tag("account", name)
          .strongReference(true)
          .register(meters.registry());
      Gauge.builder("moongate.running", all, a -> a.rows.running(name, Set.of()))
          .tag("account", name)
          .strongReference(true)
          .register(meters.registry());
      Gauge.builder("moongate.account.open", all, a -> a.open(lane))
          .tag("account", name)
          .strongReference(true)
          .register(meters.registry());
    }
  }

  private int queued(String account) {
    return rows.flows(account, clock.instant().plus(EVENTUALLY), Set.of()).stream()
        .mapToInt(Flow::waiting)
        .sum();
  }

  private int open(AccountLane lane) {
    AccountHealth.Standing standing = lane.health().standing(clock.instant());
    return standing.condition() == AccountHealth.Condition.OPEN ? 1 : 0;
  }
}
