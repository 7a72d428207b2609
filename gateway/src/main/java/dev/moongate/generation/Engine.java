package dev.moongate.generation;

import dev.moongate.model.Catalogue;
import dev.moongate.routing.AccountLane;
import dev.moongate.store.ImageFetcher;
import dev.moongate.store.ImageIds;
import dev.moongate.store.ImageStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Runs generations: one driver an account, over shared steps. After a restart the same drivers go
 * on with the same rows; there is no other code for "after a crash" but the ending of what a dead
 * process left in doubt.
 */
public final class Engine implements AutoCloseable {
  private static final Duration LET_FINISH = Duration.ofSeconds(5);

  private final List<AccountLane> lanes;
  private final List<Driver> drivers;
  private final GenerationRows rows;
  private final Endings endings;
  private final Waiters waiters = new Waiters();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  public Engine(
      List<AccountLane> lanes,
      Catalogue catalogue,
      GenerationRows rows,
      ImageStore store,
      ImageFetcher fetcher,
      ImageIds imageIds,
      InstantSource clock,
      GenerationSettings settings) {
    this.lanes = List.copyOf(lanes);
    this.rows = rows;
    this.endings = new Endings(rows, waiters, clock, settings);
    Announcements announcements = new Announcements(rows, endings, clock);
    Submitter submitter =
        new Submitter(rows, endings, announcements, catalogue, store, clock, settings);
    Poller poller = new Poller(rows, endings, announcements, clock, settings);
    Collector collector =
        new Collector(rows, endings, store, fetcher, imageIds, clock, threads, settings);
    Set<String> inHand = ConcurrentHashMap.newKeySet();
    this.drivers =
        this.lanes.stream()
            .map(lane ->
                new Driver(
                    lane, catalogue, rows, submitter, poller, collector, clock, threads, inHand))
            .toList();
  }

  /** Ends what a dead process left in doubt, then drives all accounts. */
  public void start() {
    rows.leftInDoubt()
        .forEach(generation ->
            endings.unresolved(generation, "the gateway stopped while it was being submitted"));
    for (int i = 0; i < drivers.size(); i++) {
      Thread.ofVirtual().name("driver-" + lanes.get(i).account().name()).start(drivers.get(i));
    }
  }

  /** A generation was admitted. */
  void wake() {
    drivers.forEach(Driver::wake);
  }

  Waiters waiters() {
    return waiters;
  }

  /** Whether any account belongs to this provider. */
  boolean serves(String provider) {
    return lanes.stream().anyMatch(lane -> lane.account().provider().equals(provider));
  }

  /** Sends waiting requests away; what runs goes on. */
  public void sendWaitersAway() {
    waiters.close();
  }

  /** Stops taking up work and lets what is in hand write its outcome, for a few seconds at most. */
  @Override
  public void close() {
    drivers.forEach(Driver::stop);
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
