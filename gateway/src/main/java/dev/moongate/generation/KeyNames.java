package dev.moongate.generation;

import dev.moongate.provider.ListedTask;
import dev.moongate.provider.TaskListing;
import dev.moongate.routing.AccountLane;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The provider's own names of our credentials. A listed task that an attempt of ours knows bears
 * the name of the attempt's credential; one look after a credential's first accepted task is enough
 * as a rule, and then a lost answer of it can be told from everybody else's tasks.
 */
final class KeyNames {
  private static final Logger LOG = LoggerFactory.getLogger(KeyNames.class);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(5);
  private static final Duration LONGEST_PAUSE = Duration.ofHours(1);

  private final DoubtRows doubts;
  private final InstantSource clock;

  /** What is looked for, or was found, by this process. */
  private final ConcurrentHashMap<Credential, Search> searches = new ConcurrentHashMap<>();

  KeyNames(DoubtRows doubts, InstantSource clock) {
    this.doubts = doubts;
    this.clock = clock;
  }

  private record Credential(String account, String reference) {}

  /**
   * @param next when to look again; {@link Instant#MAX} if there is nothing left to look for
   */
  private record Search(Instant next, Duration pause) {
    private static final Search OVER = new Search(Instant.MAX, Duration.ZERO);

    private Search again(Instant now) {
      Duration longer = pause.multipliedBy(2);
      return new Search(
          now.plus(pause), longer.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : longer);
    }
  }

  /** The names that are learnt, by our references. */
  Map<String, String> of(String account) {
    return doubts.learnt(account);
  }

  /** Learns from a list what it tells; answers all names that are learnt then. */
  Map<String, String> learn(
      String account, List<ListedTask> listed, Map<String, String> knownTasks) {
    Map<String, String> learnt = doubts.learnt(account);
    for (ListedTask task : listed) {
      String reference = knownTasks.get(task.taskId());
      String name = task.apiKeyId();
      if (reference != null && name != null && !name.equals(learnt.put(reference, name))) {
        doubts.learn(account, reference, name);
      }
    }
    return learnt;
  }

  /** Whether it is time to {@link #look} for the credential of an accepted task; says so once. */
  boolean tryBegin(Generation submitted) {
    Credential credential = credential(submitted);
    Instant now = clock.instant();
    Search search =
        searches.computeIfAbsent(
            credential,
            c ->
                doubts.learnt(c.account()).containsKey(c.reference())
                    ? Search.OVER
                    : new Search(now, FIRST_PAUSE));
    return !now.isBefore(search.next()) && searches.replace(credential, search, search.again(now));
  }

  /** Asks for the list, to learn the name of an accepted task's credential. */
  void look(Generation submitted, AccountLane lane) {
    Credential credential = credential(submitted);
    Instant submittedAt =
        Objects.requireNonNullElse(submitted.submittedAt(), submitted.createdAt());
    TaskListing listing =
        lane.tasks(
            submittedAt.minus(Suspects.LONG_BEFORE), lane.keyOf(credential.reference()), clock);
    if (!(listing instanceof TaskListing.Listed(List<ListedTask> tasks))) {
      LOG.debug("account {} does not list its tasks yet", credential.account());
      return;
    }
    Map<String, String> known =
        doubts.known(credential.account(), tasks.stream().map(ListedTask::taskId).toList());
    if (learn(credential.account(), tasks, known).containsKey(credential.reference())) {
      searches.put(credential, Search.OVER);
    }
  }

  private static Credential credential(Generation submitted) {
    return new Credential(
        Objects.requireNonNull(submitted.account()), Objects.requireNonNull(submitted.taskKey()));
  }
}
