package dev.moongate.generation;

import dev.moongate.model.Catalogue;
import dev.moongate.provider.ApiKey;
import dev.moongate.provider.ImageProvider;
import dev.moongate.routing.AccountLane;
import dev.moongate.routing.Routes;
import dev.moongate.store.ImageFetcher;
import dev.moongate.store.ImageIds;
import dev.moongate.store.ImageStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs generations: one driver an account, over shared steps. After a restart the same drivers go
 * on with the same rows; there is no other code for "after a crash" but that what a dead process
 * was submitting comes into doubt.
 */
public final class Engine implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Engine.class);
  private static final Duration LET_FINISH = Duration.ofSeconds(5);

  private final Routes routes;
  private final List<AccountLane> lanes;
  private final List<Driver> drivers;
  private final GenerationRows rows;
  private final DoubtRows doubts;
  private final Endings endings;
  private final InstantSource clock;
  private volatile boolean restoring;
  private final Waiters waiters = new Waiters();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private @Nullable Thread restoration;

  /**
   * @param mayWrite whether the database is still this process's alone
   */
  public Engine(
      Routes routes,
      Catalogue catalogue,
      GenerationRows rows,
      DoubtRows doubts,
      ImageStore store,
      ImageFetcher fetcher,
      ImageIds imageIds,
      InstantSource clock,
      GenerationSettings settings,
      BooleanSupplier mayWrite) {
    this.routes = routes;
    this.lanes = routes.lanes();
    this.rows = rows;
    this.doubts = doubts;
    this.clock = clock;
    this.endings = new Endings(rows, waiters, clock, settings, routes);
    Announcements announcements = new Announcements(rows, endings, clock);
    Driver.Steps steps =
        new Driver.Steps(
            new Submitter(
                rows, endings, announcements, catalogue, routes, store, clock, settings, mayWrite),
            new Poller(rows, endings, announcements, clock, settings),
            new Reconciler(rows, doubts, endings, clock, settings),
            new Collector(rows, endings, store, fetcher, imageIds, clock, threads, settings));
    Set<String> inHand = ConcurrentHashMap.newKeySet();
    this.drivers =
        this.lanes.stream()
            .map(lane ->
                new Driver(
                    lane,
                    catalogue,
                    rows,
                    steps,
                    endings,
                    clock,
                    threads,
                    inHand,
                    () -> !restoring))
            .toList();
  }

  /**
   * Starts on an older copy of the database.
   *
   * @param done called once it may be treated like any other
   */
  public void startRestored(Runnable done) {
    restoring = true;
    List<String> waiting = rows.openBeforeSubmit();
    start();
    restoration =
        Thread.ofVirtual()
            .name("restoration")
            .start(() -> {
              try {
                new Restoration(lanes, rows, doubts, endings, clock).run(waiting);
                done.run();
                lanes.forEach(this::releaseKeys);
                restoring = false;
                wake();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
  }

  private void releaseKeys(AccountLane lane) {
    Set<String> inDoubt = doubts.keysInDoubt(lane.account().name());
    lane.account().keys().stream()
        .map(ApiKey::reference)
        .filter(reference -> !inDoubt.contains(reference))
        .forEach(lane::release);
  }

  /** Puts in doubt what a dead process was submitting, then drives all accounts. */
  public void start() {
    Map<String, AccountLane> byName =
        lanes.stream().collect(Collectors.toMap(lane -> lane.account().name(), lane -> lane));
    for (Generation left : rows.leftDispatching()) {
      String reason = "the gateway stopped while it was being submitted";
      AccountLane lane = byName.get(left.account());
      if (lane != null && lane.account().api().mode() == ImageProvider.Mode.SYNC) {
        endings.unresolved(left, reason);
      } else {
        endings.doubt(left, reason);
      }
    }
    byName.forEach((name, lane) -> doubts.keysInDoubt(name).forEach(lane::hold));
    routes.models().forEach(this::reroute);
    int strayed = rows.strayed(byName.keySet());
    if (strayed > 0) {
      LOG.error(
          "{} generations run at accounts that moongate.yaml does not name any more; they wait"
              + " until it does",
          strayed);
    }
    for (int i = 0; i < drivers.size(); i++) {
      Thread.ofVirtual().name("driver-" + lanes.get(i).account().name()).start(drivers.get(i));
    }
  }

  /** What waits for an account that its model does not have any more waits for one that it has. */
  private void reroute(String model) {
    List<String> accounts = routes.of(model).stream().map(l -> l.account().name()).toList();
    for (String account : rows.waitingAt(model)) {
      if (!accounts.contains(account) && !accounts.isEmpty()) {
        rows.reroute(model, account.isEmpty() ? null : account, accounts.getFirst());
      }
    }
  }

  /** A generation was admitted. */
  void wake() {
    drivers.forEach(Driver::wake);
  }

  Waiters waiters() {
    return waiters;
  }

  Endings endings() {
    return endings;
  }

  Routes routes() {
    return routes;
  }

  /** Sends waiting requests away; what runs goes on. */
  public void sendWaitersAway() {
    waiters.close();
  }

  /** Stops taking up work and lets what is in hand write its outcome, for a few seconds at most. */
  @Override
  public void close() {
    drivers.forEach(Driver::stop);
    if (restoration != null) {
      restoration.interrupt();
    }
    threads.shutdown();
    try {
      // Nothing is interrupted: a submit whose answer is thrown away would be one whose outcome
      // nobody knows.
      threads.awaitTermination(LET_FINISH.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
