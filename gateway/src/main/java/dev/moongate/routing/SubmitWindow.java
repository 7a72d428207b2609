package dev.moongate.routing;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An account's limit of calls a second, as a window and not as a bucket: a call waits until one
 * second after the answer to the {@code limit}-th last one. The vendor counts somewhere between our
 * sending and its answer, so counting from the answer can never put more than {@code limit} into
 * any of its seconds. Safe for several threads.
 */
public final class SubmitWindow {
  private static final Duration LENGTH = Duration.ofSeconds(1);

  private final @Nullable Integer limit;
  private final Deque<Slot> slots = new ArrayDeque<>();

  /**
   * @param limit calls a second; null for no limit
   * @param answers when the last calls of an earlier process were answered, in any order
   */
  public SubmitWindow(@Nullable Integer limit, List<Instant> answers) {
    this.limit = limit;
    answers.stream().sorted().forEach(answer -> add(new Slot(answer)));
  }

  /** When the next call may go out; empty while too many are unanswered. */
  public synchronized Optional<Instant> opensAt() {
    if (limit == null || slots.size() < limit) {
      return Optional.of(Instant.MIN);
    }
    Instant answered = slots.getFirst().answeredAt;
    return answered == null ? Optional.empty() : Optional.of(answered.plus(LENGTH));
  }

  /** Whether the next call may go out at {@code now}. */
  public synchronized boolean open(Instant now) {
    for (Slot slot : slots) {
      // The clock was set back since. Less than that is another thread's look at it.
      if (slot.answeredAt != null && slot.answeredAt.isAfter(now.plus(LENGTH))) {
        slot.answeredAt = now;
      }
    }
    return opensAt().filter(opens -> !now.isBefore(opens)).isPresent();
  }

  /** Takes a place if there is one at {@code now}. */
  public synchronized Optional<Slot> tryBegin(Instant now) {
    if (!open(now)) {
      return Optional.empty();
    }
    return Optional.of(add(new Slot(null)));
  }

  private Slot add(Slot slot) {
    if (limit != null) {
      while (slots.size() >= limit) {
        slots.removeFirst();
      }
      slots.addLast(slot);
    }
    return slot;
  }

  /** One call, from its beginning to its answer. */
  public final class Slot {
    private @Nullable Instant answeredAt;

    private Slot(@Nullable Instant answeredAt) {
      this.answeredAt = answeredAt;
    }

    /** The call is over, well or not. */
    public void answered(Instant now) {
      synchronized (SubmitWindow.this) {
        answeredAt = now;
      }
    }
  }
}
