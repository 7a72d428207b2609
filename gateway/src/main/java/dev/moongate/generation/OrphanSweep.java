package dev.moongate.generation;

import dev.moongate.provider.ApiKey;
import dev.moongate.provider.ImageProvider;
import dev.moongate.provider.ListedTask;
import dev.moongate.provider.TaskListing;
import dev.moongate.routing.AccountLane;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks for tasks that the provider ran with our credentials and that no attempt knows: a key that
 * leaked, a second gateway with it, a submit of a process that was thought dead. They are written
 * down and told, once each; nobody is charged for them.
 */
public final class OrphanSweep implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(OrphanSweep.class);
  private static final Duration EVERY = Duration.ofMinutes(5);

  /** Clocks differ. */
  private static final Duration OLD_ENOUGH = Duration.ofMinutes(2);

  /** A list may show a task late; what it shows twice is written once. */
  private static final Duration OVERLAP = Duration.ofMinutes(30);

  private final List<AccountLane> lanes;
  private final DoubtRows doubts;
  private final KeyNames names;
  private final InstantSource clock;
  private final Map<String, Instant> sweptAt = new HashMap<>();
  private final CountDownLatch closed = new CountDownLatch(1);

  public OrphanSweep(List<AccountLane> lanes, DoubtRows doubts, InstantSource clock) {
    this.lanes =
        lanes.stream()
            .filter(lane -> lane.account().api().mode() == ImageProvider.Mode.ASYNC)
            .toList();
    this.doubts = doubts;
    this.names = new KeyNames(doubts, clock);
    this.clock = clock;
  }

  /** Sweeps every five minutes, until closed. */
  public void start() {
    Thread.ofVirtual()
        .name("orphan-sweep")
        .start(() -> {
          try {
            while (!closed.await(EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
              sweep();
            }
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  /** One look at every account; what fails is looked at by the next. Not for several threads. */
  public void sweep() {
    for (AccountLane lane : lanes) {
      try {
        sweep(lane);
      } catch (RuntimeException e) {
        LOG.warn("account {} could not be searched for orphans", lane.account().name(), e);
      }
    }
  }

  private void sweep(AccountLane lane) {
    String account = lane.account().name();
    Instant begun = clock.instant();
    if (!lane.polls().open(begun)) {
      LOG.debug("account {} needs its polls; it is searched for orphans later", account);
      return;
    }
    Instant last = sweptAt.get(account);
    Instant since = last == null ? begun.minus(TaskListing.REACH) : last.minus(OVERLAP);
    switch (lane.tasks(since, lane.account().keys().getFirst(), clock)) {
      case TaskListing.Unlisted(String reason, TaskListing.Why why) -> {
        if (why == TaskListing.Why.TOO_LONG) {
          // Of a busy account the whole day can never be had: it must not be asked for for ever.
          sweptAt.put(account, begun);
          LOG.warn(
              "account {} has too many tasks to list since {} ({}); orphans are looked for from {} on",
              account,
              since,
              reason,
              begun.minus(OVERLAP));
        } else {
          LOG.debug("account {} does not list its tasks: {}", account, reason);
        }
      }
      case TaskListing.Listed(List<ListedTask> tasks) -> {
        if (judge(lane, tasks, begun)) {
          sweptAt.put(account, begun);
        }
      }
    }
  }

  /** False if it cannot be told yet. */
  private boolean judge(AccountLane lane, List<ListedTask> tasks, Instant now) {
    String account = lane.account().name();
    if (strangers(lane, tasks, now).isEmpty()) {
      return true;
    }
    // In this order: what is being submitted may come into doubt, and what was is known after it.
    if (lanes.stream().anyMatch(this::busy)) {
      LOG.debug("submits are under way; account {} is searched for orphans later", account);
      return false;
    }
    List<ListedTask> orphans = strangers(lane, tasks, now);
    for (ListedTask orphan : doubts.orphaned(account, orphans, now)) {
      LOG.warn(
          "account {} ran task {} of {}, which no attempt knows; is its key used elsewhere?",
          account,
          orphan.taskId(),
          orphan.created());
    }
    return true;
  }

  private boolean busy(AccountLane lane) {
    return !doubts.open(lane.account().name()).isEmpty();
  }

  private List<ListedTask> strangers(AccountLane lane, List<ListedTask> tasks, Instant now) {
    String account = lane.account().name();
    List<String> ids = tasks.stream().map(ListedTask::taskId).toList();
    Map<String, String> known = doubts.known(account, ids);
    Map<String, String> learnt = names.learn(account, tasks, known);
    // Two accounts of ours may be one to the provider, which lists the tasks of both to each.
    lanes.forEach(other -> known.putAll(doubts.known(other.account().name(), ids)));
    boolean allNamed =
        lane.account().keys().stream().map(ApiKey::reference).allMatch(learnt::containsKey);
    return tasks.stream()
        .filter(task -> !known.containsKey(task.taskId()))
        .filter(task -> oldEnough(task, now))
        // The list is the whole company's; other credentials of theirs are none of our business.
        .filter(
            task -> !allNamed || task.apiKeyId() == null || learnt.containsValue(task.apiKeyId()))
        .toList();
  }

  private static boolean oldEnough(ListedTask task, Instant now) {
    Instant created = task.created();
    return created == null || created.isBefore(now.minus(OLD_ENOUGH));
  }

  @Override
  public void close() {
    closed.countDown();
  }
}
