package dev.moongate.generation;

import dev.moongate.provider.ImageProvider;
import dev.moongate.provider.ListedTask;
import dev.moongate.provider.TaskListing;
import dev.moongate.routing.AccountLane;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings an older copy of the database into the present: what it holds as waiting may have been
 * submitted, and paid, after the copy was made, and so may what it holds as running, if that had
 * failed. Nothing is submitted before every provider's list of tasks was read; what may be among
 * the tasks that the copy does not know ends as unknown instead of being submitted.
 */
final class Restoration {
  private static final Logger LOG = LoggerFactory.getLogger(Restoration.class);
  private static final Duration EARLY = Duration.ofMinutes(1);
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(5);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  private final List<AccountLane> lanes;
  private final GenerationRows rows;
  private final DoubtRows doubts;
  private final Endings endings;
  private final InstantSource clock;
  private final Set<String> running = new HashSet<>();

  Restoration(
      List<AccountLane> lanes,
      GenerationRows rows,
      DoubtRows doubts,
      Endings endings,
      InstantSource clock) {
    this.lanes = lanes;
    this.rows = rows;
    this.doubts = doubts;
    this.endings = endings;
    this.clock = clock;
  }

  /** Blocks until every list was read. What is admitted meanwhile is left alone. */
  void run(List<String> restored) throws InterruptedException {
    endings.awaitJudgement(restored);
    List<ListedTask> strangers = new ArrayList<>();
    boolean untold = false;
    Instant since = earliest(restored).minus(EARLY);
    for (AccountLane lane : lanes) {
      if (lane.account().api().mode() == ImageProvider.Mode.SYNC) {
        untold = true;
      } else {
        strangers.addAll(strangers(lane, since));
      }
    }
    int ended = 0;
    for (String id : restored) {
      if (judge(id, untold, strangers)) {
        ended++;
      }
    }
    LOG.info(
        "restored: {} generations wait or run on, {} ended as unknown, {} tasks are not in this"
            + " copy",
        restored.size() - ended,
        ended,
        strangers.size());
  }

  /** Blocks until nothing runs any more that may not be submitted again. */
  void awaitTheRunning() throws InterruptedException {
    while (true) {
      running.removeIf(this::runsNoMore);
      if (running.isEmpty()) {
        return;
      }
      TimeUnit.MILLISECONDS.sleep(BETWEEN_LOOKS.toMillis());
    }
  }

  private boolean runsNoMore(String id) {
    boolean over = rows.find(id).filter(seen -> seen.state() == State.SUBMITTED).isEmpty();
    if (over) {
      endings.asUsual(id);
    }
    return over;
  }

  /** Ends what may have been submitted after the copy was made; true if it was ended. */
  private boolean judge(String id, boolean untold, List<ListedTask> strangers) {
    while (true) {
      Generation seen = rows.find(id).filter(Restoration::beforePictures).orElse(null);
      if (seen == null || !(untold || mayHaveRun(seen, strangers))) {
        endings.asUsual(id);
        return false;
      }
      if (seen.state() != State.SUBMITTED) {
        if (endings.unresolved(seen, "the database was restored from an older copy")) {
          endings.asUsual(id);
          return true;
        }
      } else {
        endings.neverAgain(id);
        if (rows.postpone(seen, clock.instant())) {
          // The row has moved, so that a poll that was under way changes nothing any more.
          running.add(id);
          return false;
        }
      }
    }
  }

  private static boolean beforePictures(Generation seen) {
    return !seen.state().terminal() && seen.state() != State.FETCHING;
  }

  /** Until then the copy knows all that was submitted of it. */
  private static Instant lastKnown(Generation seen) {
    return Objects.requireNonNullElse(seen.submittedAt(), seen.createdAt());
  }

  /** From then on the lists may show, and can be relied on for, what these were submitted as. */
  private Instant earliest(List<String> restored) {
    // Anything younger than this might be taken for that of a submit to come.
    Instant latest = clock.instant().minus(Suspects.LONG_BEFORE);
    return restored.stream()
        .flatMap(id -> rows.find(id).stream())
        .filter(Restoration::beforePictures)
        .map(Restoration::lastKnown)
        .filter(known -> known.isBefore(latest) && !outOfReach(known))
        .min(Comparator.naturalOrder())
        .orElse(latest);
  }

  private List<ListedTask> strangers(AccountLane lane, Instant since) throws InterruptedException {
    String account = lane.account().name();
    Duration pause = BETWEEN_LOOKS;
    while (true) {
      TaskListing listing = lane.tasks(since, lane.account().keys().getFirst(), clock);
      if (listing instanceof TaskListing.Listed(List<ListedTask> tasks)) {
        Set<String> known =
            doubts.known(account, tasks.stream().map(ListedTask::taskId).toList()).keySet();
        List<ListedTask> strangers =
            tasks.stream().filter(task -> !known.contains(task.taskId())).toList();
        doubts.orphaned(account, strangers, clock.instant());
        return strangers;
      }
      LOG.warn("restoring: account {} does not list its tasks yet; nothing is submitted", account);
      TimeUnit.MILLISECONDS.sleep(pause.toMillis());
      Duration longer = pause.multipliedBy(2);
      pause = longer.compareTo(LONGEST_PAUSE) < 0 ? longer : LONGEST_PAUSE;
    }
  }

  /** Of what was last known longer ago than the lists reach back, they tell nothing. */
  private boolean mayHaveRun(Generation seen, List<ListedTask> strangers) {
    Instant known = lastKnown(seen);
    return outOfReach(known) || strangers.stream().anyMatch(task -> mayBe(task, known));
  }

  private boolean outOfReach(Instant known) {
    return known.isBefore(clock.instant().minus(TaskListing.REACH));
  }

  private static boolean mayBe(ListedTask task, Instant lastKnown) {
    Instant created = task.created();
    return created == null || !created.isBefore(lastKnown.minus(EARLY));
  }
}
