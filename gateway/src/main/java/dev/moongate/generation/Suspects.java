package dev.moongate.generation;

import dev.moongate.provider.ListedTask;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The tasks of a provider's list that may have come of one submit in doubt, and whether one of them
 * surely did. Two mistakes must not happen: to take a task for ours that is somebody else's, and to
 * overlook ours and pay for it again; what is not certain is neither.
 */
final class Suspects {
  /** A task that no attempt knows and that is this much older than the submit is not of it. */
  static final Duration LONG_BEFORE = Duration.ofMinutes(10);

  /** Clocks differ, and a busy provider may take a request in late. */
  static final Duration EARLY = Duration.ofMinutes(1);

  static final Duration LATE = Duration.ofMinutes(2);

  /** How far the clocks may be apart where nothing but the time tells whose a task is. */
  private static final Duration AROUND = Duration.ofSeconds(15);

  private static final Duration LONGEST_SUBMIT = Duration.ofSeconds(30);

  private final Doubt doubt;
  private final Instant givenUp;
  private final List<ListedTask> strangers;
  private final Map<String, String> names;
  private final List<Rival> rivals;
  private final List<ListedTask> tasks;

  /**
   * @param patience how long the answer of the submit was waited for, at most
   * @param strangers the listed tasks that no attempt knows
   * @param before those that had been seen before the submit was sent
   * @param names the provider's names of our credentials, as far as they are learnt
   */
  Suspects(
      Doubt doubt,
      Duration patience,
      String upstreamModel,
      List<ListedTask> strangers,
      Set<String> before,
      Map<String, String> names,
      List<Rival> rivals) {
    this.doubt = doubt;
    // A death is noticed by the next start only, however much later that is.
    this.givenUp = earlier(doubt.answeredAt(), doubt.intentAt().plus(patience));
    this.strangers = strangers;
    this.names = names;
    this.rivals = rivals;
    this.tasks =
        strangers.stream()
            .filter(task -> !before.contains(task.taskId()))
            .filter(task -> task.model() == null || task.model().equals(upstreamModel))
            .filter(task -> !createdBefore(task, doubt.intentAt().minus(LONG_BEFORE)))
            .filter(task -> mayBear(task.apiKeyId()))
            .toList();
  }

  /** What is to be done about them. */
  enum Verdict {
    /** There are none. */
    NONE,
    /** There is one, and it is it. */
    CERTAIN,
    /** A submit that is under way may be the owner; its answer will tell. */
    WAIT,
    /** They bear names of credentials, and which one is ours will be learnt. */
    NAMELESS,
    /** Nobody will ever know. */
    UNDECIDABLE
  }

  List<ListedTask> tasks() {
    return tasks;
  }

  Verdict verdict() {
    if (tasks.isEmpty()) {
      return Verdict.NONE;
    }
    if (tasks.size() == 1 && isCertain(tasks.getFirst())) {
      return Verdict.CERTAIN;
    }
    if (rivals.stream().anyMatch(rival -> rival.state() == State.DISPATCHING && mayOwnOne(rival))) {
      return Verdict.WAIT;
    }
    return aNameWouldTell() ? Verdict.NAMELESS : Verdict.UNDECIDABLE;
  }

  /** Two submits in doubt with one credential bear one name, so it tells nothing about them. */
  private boolean aNameWouldTell() {
    return name() == null
        && tasks.stream().anyMatch(task -> task.apiKeyId() != null)
        && rivals.stream()
            .noneMatch(rival ->
                rival.state() == State.UNCERTAIN
                    && rival.keyReference().equals(doubt.keyReference()));
  }

  private boolean isCertain(ListedTask task) {
    // A provider that names no credentials leaves it at this: nobody else is in sight.
    boolean exclusive =
        task.apiKeyId() == null
            ? name() == null && strangers.size() == 1
            : task.apiKeyId().equals(name()) || isTheFirstOfItsName(task);
    return exclusive && inTime(task) && rivals.stream().noneMatch(rival -> mayOwn(rival, task));
  }

  /**
   * While our credential's name is not learnt: whoever else uses the account shows it in the list
   * of the day, so a name that is on it once, in the seconds of our submit, is ours.
   */
  private boolean isTheFirstOfItsName(ListedTask task) {
    String borne = task.apiKeyId();
    Instant created = task.created();
    if (name() != null || borne == null || names.containsValue(borne) || created == null) {
      return false;
    }
    Instant latest = earlier(givenUp, doubt.intentAt().plus(LONGEST_SUBMIT));
    boolean meanwhile =
        !created.isBefore(doubt.intentAt().minus(AROUND)) && !created.isAfter(latest.plus(AROUND));
    long ofTheName =
        strangers.stream()
            .filter(other -> other.apiKeyId() == null || other.apiKeyId().equals(borne))
            .count();
    return meanwhile && ofTheName == 1;
  }

  private boolean inTime(ListedTask task) {
    Instant created = task.created();
    return created == null
        || !(created.isBefore(doubt.intentAt().minus(EARLY))
            || created.isAfter(givenUp.plus(LATE)));
  }

  private static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }

  private boolean mayOwnOne(Rival rival) {
    return tasks.stream().anyMatch(task -> mayOwn(rival, task));
  }

  private boolean mayOwn(Rival rival, ListedTask task) {
    String name = names.get(rival.keyReference());
    String borne = task.apiKeyId();
    boolean nameFits =
        borne == null || (name == null ? !names.containsValue(borne) : name.equals(borne));
    boolean tooLate =
        rival.state() == State.UNRESOLVED
            && task.created() != null
            && task.created().isAfter(rival.answeredAt().plus(LATE));
    return nameFits && !tooLate;
  }

  private boolean mayBear(@Nullable String borne) {
    String name = name();
    return borne == null || name == null || name.equals(borne);
  }

  private @Nullable String name() {
    return names.get(doubt.keyReference());
  }

  private static boolean createdBefore(ListedTask task, Instant moment) {
    return task.created() != null && task.created().isBefore(moment);
  }
}
