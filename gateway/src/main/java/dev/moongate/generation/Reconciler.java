package dev.moongate.generation;

import dev.moongate.generation.GenerationRows.AttemptOutcome;
import dev.moongate.generation.GenerationRows.TaskClaim;
import dev.moongate.provider.ListedTask;
import dev.moongate.provider.TaskListing;
import dev.moongate.routing.AccountLane;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out what became of a submit whose answer was lost, by the provider's own list of tasks. The
 * credential of such a submit sends nothing else meanwhile, so that a task which bears its name and
 * which no attempt knows can only be this one. Two lists without it, some time apart, prove that it
 * never arrived; what the lists leave open ends as unknown and is never sent again.
 */
final class Reconciler {
  private static final Logger LOG = LoggerFactory.getLogger(Reconciler.class);

  private static final Duration SOON = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  /** It takes one of the account's running places. */
  private static final Duration LONGEST_NAMELESS = Duration.ofHours(1);

  private final GenerationRows rows;
  private final DoubtRows doubts;
  private final KeyNames names;
  private final Endings endings;
  private final InstantSource clock;
  private final GenerationSettings settings;

  Reconciler(
      GenerationRows rows,
      DoubtRows doubts,
      KeyNames names,
      Endings endings,
      InstantSource clock,
      GenerationSettings settings) {
    this.rows = rows;
    this.doubts = doubts;
    this.names = names;
    this.endings = endings;
    this.clock = clock;
    this.settings = settings;
  }

  /** One look for a generation in UNCERTAIN. */
  void reconcile(Generation seen, String upstreamModel, AccountLane lane) {
    String account = lane.account().name();
    Doubt doubt = doubts.doubt(seen);
    boolean named = names.of(account).containsKey(doubt.keyReference());
    Instant since = named ? doubt.intentAt().minus(Suspects.LONG_BEFORE) : null;
    TaskListing listing = lane.tasks(since, lane.keyOf(doubt.keyReference()), clock);
    switch (listing) {
      case TaskListing.Listed listed -> {
        // Rivals before attempts, and both after the list: a task of a submit that was under way
        // then has its attempt, or is seen as a rival's.
        List<Rival> rivals =
            doubts.rivals(
                account, seen.id(), doubt.intentAt().minus(Suspects.EARLY).minus(Suspects.LATE));
        Duration patience = Submitter.patience(seen, lane);
        judge(
            seen,
            doubt,
            suspects(account, doubt, patience, listed.tasks(), upstreamModel, rivals),
            lane);
      }
      case TaskListing.Unlisted unlisted -> unlisted(seen, doubt, unlisted, lane);
    }
  }

  private Suspects suspects(
      String account,
      Doubt doubt,
      Duration patience,
      List<ListedTask> listed,
      String upstreamModel,
      List<Rival> rivals) {
    Map<String, String> known =
        doubts.known(account, listed.stream().map(ListedTask::taskId).toList());
    List<ListedTask> strangers =
        listed.stream().filter(task -> !known.containsKey(task.taskId())).toList();
    return new Suspects(
        doubt,
        patience,
        upstreamModel,
        strangers,
        doubts.orphansSeenBefore(account, doubt.intentAt()),
        names.learn(account, listed, known),
        rivals);
  }

  private void judge(Generation seen, Doubt doubt, Suspects suspects, AccountLane lane) {
    switch (suspects.verdict()) {
      case NONE -> notListed(seen, doubt, lane);
      case CERTAIN -> adopt(seen, suspects.tasks().getFirst(), lane);
      case WAIT -> rows.postpone(seen, clock.instant().plus(SOON));
      case NAMELESS -> nameless(seen, doubt, suspects, lane);
      case UNDECIDABLE -> undecidable(seen, suspects, lane);
    }
  }

  /**
   * The next task of the credential that is accepted will tell its name, so it may be used
   * meanwhile: whatever is sent with it now is a rival, and cannot be mistaken for this one.
   */
  private void nameless(Generation seen, Doubt doubt, Suspects suspects, AccountLane lane) {
    Duration since = Duration.between(doubt.answeredAt(), clock.instant());
    if (since.compareTo(LONGEST_NAMELESS) > 0) {
      undecidable(seen, suspects, lane);
    } else {
      LOG.info("generation {} waits for the provider's name of its credential", seen.id());
      lookAgain(seen, since);
      lane.release(seen.id());
    }
  }

  private void undecidable(Generation seen, Suspects suspects, AccountLane lane) {
    doubts.orphaned(lane.account().name(), suspects.tasks(), clock.instant());
    LOG.error(
        "{} tasks of account {} may be generation {}, and nobody can tell; none is taken",
        suspects.tasks().size(),
        lane.account().name(),
        seen.id());
    endings.unresolved(seen, "nobody can tell which task of the provider is this one");
    lane.release(seen.id());
  }

  private void adopt(Generation seen, ListedTask task, AccountLane lane) {
    if (rows.adopted(seen, task, clock.instant()) == TaskClaim.TAKEN) {
      // It is known by now, and will not be among those that the next look finds.
      LOG.error("generation {} cannot be task {}: another one is", seen.id(), task.taskId());
    } else {
      LOG.info("generation {} is task {}", seen.id(), task.taskId());
      lane.release(seen.id());
    }
  }

  private void notListed(Generation seen, Doubt doubt, AccountLane lane) {
    Instant now = clock.instant();
    Instant first = doubt.notListedAt();
    if (now.isAfter(doubt.intentAt().plus(TaskListing.REACH))) {
      endings.unresolved(seen, "the provider may have had its task and forgotten it since");
      lane.release(seen.id());
    } else if (!lane.has(doubt.keyReference())) {
      endings.unresolved(
          seen, "the account has not its key any more, and another's list may differ");
      lane.release(seen.id());
    } else if (first == null) {
      rows.notListed(seen, now, now.plus(settings.reconcileAfter()));
    } else if (now.isBefore(first.plus(settings.reconcileAfter()))) {
      rows.postpone(seen, first.plus(settings.reconcileAfter()));
    } else {
      LOG.info("the submit of generation {} never arrived", seen.id());
      endings.tryAgain(seen, Setbacks.neverArrived(doubt.byDeath()), AttemptOutcome.DISPROVED);
      lane.release(seen.id());
    }
  }

  private void unlisted(
      Generation seen, Doubt doubt, TaskListing.Unlisted unlisted, AccountLane lane) {
    Instant now = clock.instant();
    LOG.warn(
        "account {} does not list its tasks ({}); generation {} stays in doubt",
        lane.account().name(),
        unlisted.reason(),
        seen.id());
    Duration since = Duration.between(doubt.answeredAt(), now);
    boolean hopeless = unlisted.refused() && since.compareTo(settings.reconcileAfter()) >= 0;
    if (hopeless || now.isAfter(doubt.intentAt().plus(settings.linkLife()))) {
      endings.unresolved(seen, "the provider does not list its tasks");
      lane.release(seen.id());
    } else {
      lookAgain(seen, since);
    }
  }

  private void lookAgain(Generation seen, Duration sinceItsAnswer) {
    Duration pause = sinceItsAnswer.dividedBy(4).plus(SOON);
    rows.postpone(
        seen, clock.instant().plus(pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause));
  }
}
