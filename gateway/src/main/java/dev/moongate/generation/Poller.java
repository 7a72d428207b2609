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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks an account how a task is doing and writes down what it says. */
final class Poller {
  private static final Logger LOG = LoggerFactory.getLogger(Poller.class);

  /** How long a task may be unknown to the provider after its submit: its list lags behind. */
  private static final Duration UNKNOWN_FOR = Duration.ofMinutes(10);

  private static final Duration AFTER_NO_ANSWER = Duration.ofSeconds(2);

  private final GenerationRows rows;
  private final Endings endings;
  private final Announcements announcements;
  private final InstantSource clock;
  private final GenerationSettings settings;

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

  /** One poll of a generation in SUBMITTED. */
  void poll(Generation seen, AccountLane lane) {
    String task = Objects.requireNonNull(seen.task());
    ProviderOutcome.OfPoll outcome = lane.account().api().poll(task, lane.keyOf(seen.taskKey()));
    Instant now = clock.instant();
    switch (outcome) {
      case ProviderOutcome.Running running -> later(seen, now, settings.pollEvery());
      case ProviderOutcome.Succeeded succeeded -> announcements.announce(seen, succeeded);
      case ProviderOutcome.Failed failed -> failed(seen, failed.refusal());
      case ProviderOutcome.Unknown unknown -> unknown(seen, now);
      case ProviderOutcome.Unanswered unanswered -> {
        LOG.info("poll of generation {} went unanswered: {}", seen.id(), unanswered.reason());
        Duration wait = unanswered.retryAfter();
        later(seen, now, wait == null ? AFTER_NO_ANSWER : wait);
      }
    }
  }

  private void later(Generation seen, Instant now, Duration wait) {
    if (now.isAfter(submitted(seen).plus(settings.linkLife()))) {
      endings.unresolved(seen, "no end of the task was seen while the provider kept it");
    } else {
      rows.postpone(seen, now.plus(wait));
    }
  }

  private void unknown(Generation seen, Instant now) {
    if (now.isBefore(submitted(seen).plus(UNKNOWN_FOR))) {
      later(seen, now, settings.pollEvery());
    } else {
      endings.unresolved(seen, "the provider does not know the task any more");
    }
  }

  private void failed(Generation seen, Refusal refusal) {
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
