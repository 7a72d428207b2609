package dev.moongate.generation;

import dev.moongate.model.Catalogue;
import dev.moongate.model.Model;
import dev.moongate.routing.AccountLane;
import dev.moongate.routing.Flow;
import dev.moongate.routing.SubmitWindow;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drives one account: takes what is due in its rows and hands each piece to a thread of its own.
 * The rows are the schedule; what is kept in memory is only which of them a thread has in hand. One
 * driver thread an account.
 */
final class Driver implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(Driver.class);
  private static final Duration LONGEST_SLEEP = Duration.ofSeconds(1);
  private static final int BATCH = 64;

  private final AccountLane lane;
  private final Catalogue catalogue;
  private final GenerationRows rows;
  private final Steps steps;
  private final Endings endings;
  private final InstantSource clock;
  private final ExecutorService threads;
  private final Set<String> inHand;
  private final BooleanSupplier maySubmit;

  /**
   * Between permit and outcome; the account's rows count them too, but only once the intent is on
   * disk.
   */
  private final Set<String> dispatching = ConcurrentHashMap.newKeySet();

  /** Something broke off, and may have left its row or its credential behind. */
  private final AtomicBoolean brokenOff = new AtomicBoolean();

  private final Semaphore wakes = new Semaphore(0);
  private volatile boolean stopping;
  private Instant expiredAt = Instant.EPOCH;

  /**
   * @param inHand generations that a thread of any driver works on, shared by all drivers
   * @param maySubmit whether anything new may be sent yet
   */
  Driver(
      AccountLane lane,
      Catalogue catalogue,
      GenerationRows rows,
      Steps steps,
      Endings endings,
      InstantSource clock,
      ExecutorService threads,
      Set<String> inHand,
      BooleanSupplier maySubmit) {
    this.lane = lane;
    this.rows = rows;
    this.steps = steps;
    this.endings = endings;
    this.catalogue = catalogue;
    this.clock = clock;
    this.threads = threads;
    this.inHand = inHand;
    this.maySubmit = maySubmit;
  }

  /** What a generation goes through; shared by all drivers. */
  record Steps(
      Submitter submitter,
      Poller poller,
      Reconciler reconciler,
      Collector collector,
      LeftBehind leftBehind,
      KeyNames names) {}

  /** Something may be due sooner than the driver thinks. */
  void wake() {
    wakes.release();
  }

  /** Something of the account may have been left behind. */
  void lookBehind() {
    brokenOff.set(true);
    wake();
  }

  /** Lets the loop end; what is in hand goes on. */
  void stop() {
    stopping = true;
    wake();
  }

  @Override
  public void run() {
    while (!stopping) {
      Instant now = clock.instant();
      Instant next = now.plus(LONGEST_SLEEP);
      try {
        takeUpLeftBehind();
        expire(now);
        next = earliest(next, takeDue(now), dispatch(now));
      } catch (RuntimeException e) {
        LOG.error("driver of account {} stumbled; it goes on", lane.account().name(), e);
      }
      sleep(Duration.between(clock.instant(), next));
    }
  }

  private void takeUpLeftBehind() {
    if (!brokenOff.getAndSet(false)) {
      return;
    }
    try {
      // In this order: what leaves the hand after this is looked at next time.
      if (!steps.leftBehind().tryTakeUp(lane, Set.copyOf(inHand))) {
        // Whatever is in hand wakes the loop when it leaves it.
        brokenOff.set(true);
      }
    } catch (RuntimeException e) {
      // Not thrown on: the rest of the account need not wait for it.
      brokenOff.set(true);
      LOG.error("what broke off at account {} cannot be taken up yet", lane.account().name(), e);
    }
  }

  /** Polls and collects what is due; answers when the next of it comes due. */
  private Instant takeDue(Instant now) {
    for (Generation generation : rows.due(lane.account().name(), now, Set.copyOf(inHand), BATCH)) {
      if (stopping) {
        break;
      }
      if (generation.state() == State.FETCHING) {
        run(generation, () -> steps.collector().collect(generation, lane));
        continue;
      }
      if (generation.state() == State.UNCERTAIN) {
        // Each page of the list takes a place of its own among the polls.
        run(generation, () -> lookFor(generation));
        continue;
      }
      Optional<SubmitWindow.Slot> slot = lane.polls().tryBegin(clock.instant());
      if (slot.isEmpty()) {
        return lane.polls().opensAt().orElse(Instant.MAX);
      }
      run(
          generation,
          () -> {
            try {
              steps.poller().poll(generation, lane);
            } finally {
              slot.orElseThrow().answered(clock.instant());
            }
          });
      learnName(generation);
    }
    return rows.nextDue(lane.account().name(), Set.copyOf(inHand)).orElse(Instant.MAX);
  }

  private void learnName(Generation generation) {
    if (generation.state() == State.SUBMITTED && steps.names().tryBegin(generation)) {
      threads.execute(() -> {
        try {
          steps.names().look(generation, lane);
        } catch (RuntimeException e) {
          LOG.warn("a name at account {} was not learnt", lane.account().name(), e);
        }
      });
    }
  }

  /** Tasks are told apart by their model too: without it nobody can say which one it may be. */
  private void lookFor(Generation doubted) {
    if (!maySubmit.getAsBoolean()) {
      rows.postpone(doubted, clock.instant().plus(LONGEST_SLEEP));
      return;
    }
    Model model = catalogue.find(doubted.request().model()).orElse(null);
    if (model == null) {
      endings.unresolved(doubted, "its model is not in the catalogue any more");
      lane.release(doubted.id());
    } else {
      steps.reconciler().reconcile(doubted, model.upstreamName(), lane);
    }
  }

  /** Ends what has waited past its deadline; looked for once a second. */
  private void expire(Instant now) {
    if (now.isBefore(expiredAt.plus(LONGEST_SLEEP))) {
      return;
    }
    expiredAt = now;
    rows.expired(lane.account().name(), now, Set.copyOf(inHand), BATCH).forEach(endings::expire);
  }

  /** Submits as many as the account lets in; answers when it may let in another. */
  private Instant dispatch(Instant now) {
    if (!maySubmit.getAsBoolean()) {
      return Instant.MAX;
    }
    String account = lane.account().name();
    while (!stopping) {
      Set<String> taken = Set.copyOf(inHand);
      Optional<Flow> flow = lane.queue().next(rows.flows(account, now, taken));
      if (flow.isEmpty()) {
        return rows.nextQueuedAt(account, taken).orElse(Instant.MAX);
      }
      Optional<Generation> next = rows.nextQueued(account, flow.orElseThrow(), now, taken);
      if (next.isEmpty() || stopping) {
        // Cancelled between the two looks, or for the next start.
        continue;
      }
      // One look at the set for both: what leaves it after this is counted by its row.
      Set<String> underWay = Set.copyOf(dispatching);
      int running = rows.running(account, underWay) + underWay.size();
      Optional<AccountLane.Permit> permit = lane.tryEnter(clock.instant(), running);
      if (permit.isEmpty()) {
        // Full or paused: an answer wakes the loop, or the window opens.
        return lane.opensAt().filter(now::isBefore).orElse(Instant.MAX);
      }
      Generation queued = next.orElseThrow();
      lane.queue().served(flow.orElseThrow(), queued.request().n());
      dispatching.add(queued.id());
      run(
          queued,
          () -> {
            try {
              steps.submitter().submit(queued, lane, permit.orElseThrow());
            } finally {
              dispatching.remove(queued.id());
            }
          });
    }
    return Instant.MAX;
  }

  private void run(Generation generation, Runnable work) {
    inHand.add(generation.id());
    threads.execute(() -> {
      boolean done = false;
      try {
        work.run();
        done = true;
      } catch (RuntimeException e) {
        if (stopping) {
          // What takes longer than a close waits finds the database closed.
          LOG.info("generation {} goes on at the next start: {}", generation.id(), e.getMessage());
        } else {
          LOG.error("generation {} stumbled; it is taken up again", generation.id(), e);
          pause();
        }
      } finally {
        inHand.remove(generation.id());
        if (!done) {
          brokenOff.set(true);
        }
        wake();
      }
    });
  }

  /**
   * Keeps a generation that fails at once (a full disk, say) from being taken up in a tight loop.
   */
  private static void pause() {
    try {
      TimeUnit.SECONDS.sleep(1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Instant earliest(Instant a, Instant b, Instant c) {
    Instant first = a.isBefore(b) ? a : b;
    return first.isBefore(c) ? first : c;
  }

  private void sleep(Duration time) {
    try {
      if (wakes.tryAcquire(Math.max(0, time.toMillis()), TimeUnit.MILLISECONDS)) {
        wakes.drainPermits();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      stopping = true;
    }
  }
}
