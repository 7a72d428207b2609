package dev.moongate.generation;

import dev.moongate.error.ErrorCode;
import dev.moongate.generation.GenerationRows.AttemptOutcome;
import dev.moongate.generation.GenerationRows.TaskClaim;
import dev.moongate.provider.ListedTask;
import dev.moongate.provider.Refusal;
import dev.moongate.provider.TaskListing;
import dev.moongate.routing.AccountLane;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out what became of a submit whose answer was lost, by the provider's own list of tasks. The
 * credential of such a submit sends nothing else meanwhile, so that a task of that credential which
 * no attempt knows can only be this one. Two lists without it, some time apart, prove that it never
 * arrived; what the lists leave open ends as unknown and is never sent again.
 */
final class Reconciler {
  private static final Logger LOG = LoggerFactory.getLogger(Reconciler.class);

  /** Clocks differ, and a busy provider may take a request in late. */
  private static final Duration EARLY = Duration.ofMinutes(1);

  private static final Duration LATE = Duration.ofMinutes(2);

  /** A task that no attempt knows and that is older than this cannot be the one. */
  private static final Duration LONG_BEFORE = Duration.ofMinutes(10);

  private static final Duration SOON = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  private final GenerationRows rows;
  private final DoubtRows doubts;
  private final Endings endings;
  private final InstantSource clock;
  private final GenerationSettings settings;

  Reconciler(
      GenerationRows rows,
      DoubtRows doubts,
      Endings endings,
      InstantSource clock,
      GenerationSettings settings) {
    this.rows = rows;
    this.doubts = doubts;
    this.endings = endings;
    this.clock = clock;
    this.settings = settings;
  }

  /** One look for a generation in UNCERTAIN. */
  void reconcile(Generation seen, String upstreamModel, AccountLane lane) {
    String account = lane.account().name();
    Doubt doubt = doubts.doubt(seen);
    Map<String, String> learnt = doubts.learnt(account);
    boolean nameKnown = learnt.containsKey(doubt.keyReference());
    Instant since = nameKnown ? doubt.intentAt().minus(LONG_BEFORE) : null;
    TaskListing listing = lane.account().api().tasks(since, lane.keyOf(doubt.keyReference()));
    // Read after the list: a task of a submit under way then has its attempt, or is seen as such.
    boolean others = !nameKnown && doubts.submitsUnderWay(account, seen.id());
    switch (listing) {
      case TaskListing.Listed listed -> {
        Suspects suspects = suspects(account, doubt, listed.tasks(), upstreamModel);
        if (others && !suspects.tasks().isEmpty()) {
          rows.postpone(seen, clock.instant().plus(SOON));
        } else {
          judge(seen, doubt, suspects, lane);
        }
      }
      case TaskListing.Unlisted unlisted -> unlisted(seen, doubt, unlisted, lane);
    }
  }

  /**
   * The tasks that may be the one.
   *
   * @param exclusive whether no stranger's task can be among them: they bear the provider's name of
   *     the credential, or nobody else's tasks are in sight
   */
  private record Suspects(List<ListedTask> tasks, boolean exclusive) {}

  private Suspects suspects(
      String account, Doubt doubt, List<ListedTask> listed, String upstreamModel) {
    Map<String, String> known =
        doubts.known(account, listed.stream().map(ListedTask::taskId).toList());
    Map<String, String> learnt = learn(account, listed, known);
    String name = learnt.get(doubt.keyReference());
    List<ListedTask> unknown =
        listed.stream()
            .filter(task -> !known.containsKey(task.taskId()))
            .filter(task -> mayBeOf(task.apiKeyId(), name, learnt))
            .toList();
    List<ListedTask> inQuestion =
        unknown.stream()
            .filter(task -> task.model() == null || task.model().equals(upstreamModel))
            .filter(task -> !before(task, doubt.intentAt().minus(LONG_BEFORE)))
            .toList();
    return new Suspects(inQuestion, name != null || unknown.size() == inQuestion.size());
  }

  private Map<String, String> learn(
      String account, List<ListedTask> listed, Map<String, String> known) {
    Map<String, String> learnt = doubts.learnt(account);
    for (ListedTask task : listed) {
      String reference = known.get(task.taskId());
      String name = task.apiKeyId();
      if (reference != null && name != null && !name.equals(learnt.put(reference, name))) {
        doubts.learn(account, reference, name);
      }
    }
    return learnt;
  }

  private static boolean mayBeOf(
      @Nullable String apiKeyId, @Nullable String name, Map<String, String> learnt) {
    if (apiKeyId == null) {
      return true;
    }
    return name == null ? !learnt.containsValue(apiKeyId) : name.equals(apiKeyId);
  }

  private void judge(Generation seen, Doubt doubt, Suspects suspects, AccountLane lane) {
    List<ListedTask> tasks = suspects.tasks();
    if (tasks.isEmpty()) {
      notListed(seen, doubt, lane);
    } else if (tasks.size() == 1 && suspects.exclusive() && inTime(tasks.getFirst(), doubt)) {
      adopt(seen, tasks.getFirst(), lane);
    } else {
      Instant now = clock.instant();
      doubts.orphaned(lane.account().name(), tasks, now);
      LOG.error(
          "{} tasks of account {} may be generation {}, and nobody can tell; none is taken",
          tasks.size(),
          lane.account().name(),
          seen.id());
      endings.unresolved(seen, "several tasks of the provider may be this one");
      lane.release(seen.id());
    }
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
    if (first == null) {
      rows.notListed(seen, now, now.plus(settings.reconcileAfter()));
    } else if (now.isBefore(first.plus(settings.reconcileAfter()))) {
      rows.postpone(seen, first.plus(settings.reconcileAfter()));
    } else {
      LOG.info("the submit of generation {} never arrived", seen.id());
      endings.tryAgain(seen, neverArrived(), AttemptOutcome.DISPROVED);
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
    if (hopeless || since.compareTo(settings.linkLife()) > 0) {
      endings.unresolved(seen, "the provider does not list its tasks");
      lane.release(seen.id());
    } else {
      Duration pause = since.dividedBy(4).plus(SOON);
      rows.postpone(seen, now.plus(pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause));
    }
  }

  private static boolean inTime(ListedTask task, Doubt doubt) {
    Instant created = task.created();
    return created == null
        || !(created.isBefore(doubt.intentAt().minus(EARLY))
            || created.isAfter(doubt.answeredAt().plus(LATE)));
  }

  private static boolean before(ListedTask task, Instant moment) {
    return task.created() != null && Objects.requireNonNull(task.created()).isBefore(moment);
  }

  private static Refusal neverArrived() {
    return new Refusal(
        Refusal.Next.RETRY_FEW,
        ErrorCode.UPSTREAM_UNREACHABLE,
        "The request never arrived at the provider; nothing was charged.",
        "Disproved",
        null,
        null);
  }
}
