package dev.moongate.generation;

import dev.moongate.error.ErrorCode;
import dev.moongate.generation.GenerationRows.AttemptOutcome;
import dev.moongate.provider.ProviderOutcome;
import dev.moongate.provider.Refusal;
import dev.moongate.routing.AccountLane;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks an account how a task is doing and writes down what it says. */
final class Poller {
  private static final Logger LOG = LoggerFactory.getLogger(Poller.class);

  private static final Duration AFTER_NO_ANSWER = Duration.ofSeconds(2);

  private final GenerationRows rows;
  private final Endings endings;
  private final Announcements announcements;
  private final InstantSource clock;
  private final GenerationSettings settings;

  /**
   * Of generations whose last polls did not help. A restart begins anew, which only adds patience.
   */
  private final ConcurrentHashMap<String, Spell> spells = new ConcurrentHashMap<>();

  Poller(
      GenerationRows rows,
      Endings endings,
      Announcements announcements,
      InstantSource clock,
      GenerationSettings settings) {
    this.rows = rows;
    this.endings = endings;
    this.announcements = announcements;
    this.clock = clock;
    this.settings = settings;
  }

  /** What polls may say for a while, and how long that while is, before the task is given up. */
  private enum Trouble {
    /** The provider's list lags behind, or one of its servers has lost the task for a moment. */
    UNKNOWN(Duration.ofMinutes(10)),
    /**
     * It says that it succeeded, and gives no picture. Short: somebody may be waiting, who must not
     * be told that it still runs.
     */
    NO_PICTURES(Duration.ofSeconds(20)),
    /** The provider is past the time that it keeps a task for; it may still have it. */
    OVERDUE(Duration.ofMinutes(10));

    private final Duration longest;

    Trouble(Duration longest) {
      this.longest = longest;
    }
  }

  /**
   * Polls of one generation that all say the same.
   *
   * @param since when the first of them was answered
   */
  private record Spell(Trouble trouble, Instant since) {}

  /** One poll of a generation in SUBMITTED. */
  void poll(Generation seen, AccountLane lane) {
    String task = Objects.requireNonNull(seen.task());
    ProviderOutcome.OfPoll outcome = lane.account().api().poll(task, lane.keyOf(seen.taskKey()));
    Instant now = clock.instant();
    switch (outcome) {
      case ProviderOutcome.Running running -> undecided(seen, null, now, settings.pollEvery());
      case ProviderOutcome.Unknown unknown ->
          undecided(seen, Trouble.UNKNOWN, now, settings.pollEvery());
      case ProviderOutcome.Unanswered unanswered -> {
        LOG.info("poll of generation {} went unanswered: {}", seen.id(), unanswered.reason());
        Duration wait = unanswered.retryAfter();
        undecided(seen, null, now, wait == null ? AFTER_NO_ANSWER : wait);
      }
      case ProviderOutcome.Succeeded succeeded -> {
        if (succeeded.owesPictures() && mayGoOn(seen, Trouble.NO_PICTURES, now)) {
          rows.postpone(seen, now.plus(AFTER_NO_ANSWER));
        } else {
          spells.remove(seen.id());
          announcements.announce(seen, succeeded);
        }
      }
      case ProviderOutcome.Failed failed -> {
        spells.remove(seen.id());
        failed(seen, failed.refusal(), lane, now);
      }
    }
  }

  /** Asks again later, unless there has been nothing but trouble for too long. */
  private void undecided(Generation seen, @Nullable Trouble heard, Instant now, Duration pause) {
    Trouble trouble =
        now.isAfter(submitted(seen).plus(settings.linkLife())) ? Trouble.OVERDUE : heard;
    if (trouble == null || mayGoOn(seen, trouble, now)) {
      if (trouble == null) {
        spells.remove(seen.id());
      }
      rows.postpone(seen, now.plus(pause));
    } else if (trouble == Trouble.OVERDUE) {
      endings.unresolved(seen, "no end of the task was seen while the provider kept it");
    } else {
      endings.unresolved(seen, "the provider does not know the task any more");
    }
  }

  private boolean mayGoOn(Generation seen, Trouble trouble, Instant now) {
    Spell spell =
        spells.compute(
            seen.id(),
            (_, last) ->
                last != null && last.trouble() == trouble ? last : new Spell(trouble, now));
    if (now.isBefore(spell.since().plus(trouble.longest))) {
      return true;
    }
    spells.remove(seen.id());
    return false;
  }

  private void failed(Generation seen, Refusal refusal, AccountLane lane, Instant now) {
    if (refusal.next() == Refusal.Next.THROTTLED) {
      lane.health().throttled(now, refusal.retryAfter());
    }
    if (refusal.next() == Refusal.Next.RETRY_FEW || refusal.next() == Refusal.Next.THROTTLED) {
      endings.tryAgain(seen, refusal, AttemptOutcome.FAILED_UNBILLED);
    } else {
      AttemptOutcome outcome =
          refusal.code() == ErrorCode.CANCELLED
              ? AttemptOutcome.CANCELLED
              : AttemptOutcome.FAILED_UNBILLED;
      endings.refuse(seen, refusal, outcome);
    }
  }

  private static Instant submitted(Generation seen) {
    Instant at = seen.submittedAt();
    return at == null ? seen.createdAt() : at;
  }
}
