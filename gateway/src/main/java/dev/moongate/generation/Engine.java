package dev.moongate.generation;

import dev.moongate.model.Catalogue;
import dev.moongate.routing.Account;
import dev.moongate.routing.AccountLane;
import dev.moongate.routing.Routes;
import dev.moongate.store.ImageFetcher;
import dev.moongate.store.ImageIds;
import dev.moongate.store.ImageStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
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
  private static final Duration AFTER_STUMBLING = Duration.ofSeconds(2);

  private final Routes routes;
  private final List<AccountLane> lanes;
  private final List<Driver> drivers;
  private final GenerationRows rows;
  private final DoubtRows doubts;
  private final Endings endings;
  private final Strays strays;
  private final InstantSource clock;
  private final BooleanSupplier mayWrite;
  private volatile boolean restoring;
  private @Nullable Thread restoration;
  private final Waiters waiters = new Waiters();
  private final UntilWritten untilWritten = new UntilWritten();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  /** Of their own, so that what is in hand when the engine stops may still begin them. */
  private final ExecutorService downloads = Executors.newVirtualThreadPerTaskExecutor();

  private final List<Thread> driving = new CopyOnWriteArrayList<>();

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
    this.mayWrite = mayWrite;
    InputPictures inputs = new InputPictures(store);
    this.endings = new Endings(rows, waiters, clock, settings, routes, inputs);
    Announcements announcements = new Announcements(rows, endings, clock);
    KeyNames names = new KeyNames(doubts, clock);
    Driver.Steps steps =
        new Driver.Steps(
            new Submitter(
                rows,
                endings,
                waiters,
                announcements,
                catalogue,
                routes,
                inputs,
                clock,
                settings,
                mayWrite,
                untilWritten),
            new Poller(rows, endings, announcements, clock, settings),
            new Reconciler(rows, doubts, names, endings, clock, settings),
            new Collector(
                rows, endings, waiters, store, fetcher, imageIds, clock, downloads, settings),
            new LeftBehind(rows, doubts, endings, mayWrite),
            names);
    this.strays =
        new Strays(
            lanes.stream().map(lane -> lane.account().name()).toList(),
            rows,
            endings,
            clock,
            settings);
    Set<String> inHand = ConcurrentHashMap.newKeySet();
    this.drivers =
        this.lanes.stream()
            .map(lane ->
                new Driver(
                    lane, catalogue, rows, steps, endings, clock, threads, inHand, this::maySubmit))
            .toList();
  }

  /**
   * Starts on an older copy of the database.
   *
   * @param since when it was put in the place of the newer one
   * @param done called once it may be treated like any other; until then every start is one like
   *     this
   */
  public void startRestored(Instant since, Runnable done) {
    restoring = true;
    List<String> open = rows.openBeforePictures(since);
    // Before anything is driven: it could end as one that has cost nothing.
    endings.awaitJudgement(open);
    start();
    restoration =
        Thread.ofVirtual()
            .name("restoration")
            .start(() -> {
              try {
                restore(open, done);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
  }

  private void restore(List<String> open, Runnable done) throws InterruptedException {
    while (true) {
      try {
        Restoration judge = new Restoration(lanes, rows, doubts, endings, clock);
        judge.run(open);
        restoring = false;
        drivers.forEach(Driver::lookBehind);
        wake();
        judge.awaitTheRunning();
        done.run();
        return;
      } catch (RuntimeException e) {
        LOG.error("restoring stumbled; it begins again", e);
        TimeUnit.MILLISECONDS.sleep(AFTER_STUMBLING.toMillis());
      }
    }
  }

  /** Puts in doubt what a dead process was submitting, then drives all accounts. */
  public void start() {
    Map<String, AccountLane> byName =
        lanes.stream().collect(Collectors.toMap(lane -> lane.account().name(), lane -> lane));
    for (Generation left : rows.leftDispatching()) {
      String reason = Doubt.BY_DEATH;
      AccountLane lane = byName.get(left.account());
      if (lane == null) {
        endings.doubt(left, reason);
      } else {
        endings.doubt(left, reason, lane);
      }
    }
    byName.forEach((name, lane) ->
        doubts.open(name).forEach(open -> lane.hold(open.keyReference(), open.generation())));
    routes.models().forEach(this::reroute);
    strays.start();
    for (int i = 0; i < drivers.size(); i++) {
      String name = "driver-" + lanes.get(i).account().name();
      driving.add(Thread.ofVirtual().name(name).start(drivers.get(i)));
    }
  }

  /**
   * What waits for an account that its model does not have any more waits for one that it has. What
   * the sandbox was asked for is not bought for that, nor drawn what was to be bought.
   */
  private void reroute(String model) {
    List<String> accounts = routes.of(model).stream().map(l -> l.account().name()).toList();
    for (String account : rows.waitingAt(model)) {
      boolean pretended = account.equals(Account.SANDBOX) || accounts.contains(Account.SANDBOX);
      if (!accounts.contains(account) && !accounts.isEmpty() && !pretended) {
        rows.reroute(model, account.isEmpty() ? null : account, accounts.getFirst());
      }
    }
  }

  /** Whether the database is still this process's alone. */
  boolean mayWrite() {
    return mayWrite.getAsBoolean();
  }

  private boolean maySubmit() {
    return !restoring && mayWrite();
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
    if (restoration != null) {
      restoration.interrupt();
    }
    strays.close();
    drivers.forEach(Driver::stop);
    long end = System.nanoTime() + LET_FINISH.toNanos();
    try {
      // First those that hand out work: they must not meet threads that take no more, nor a
      // database that is closed.
      for (Thread driver : driving) {
        driver.join(Duration.ofNanos(Math.max(1, end - System.nanoTime())));
      }
      threads.shutdown();
      // Nothing is interrupted: a submit whose answer is thrown away would be one whose outcome
      // nobody knows.
      threads.awaitTermination(end - System.nanoTime(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    threads.shutdown();
    downloads.shutdown();
    untilWritten.giveUp();
  }
}
