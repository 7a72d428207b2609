package dev.moongate.generation;

import dev.moongate.error.ErrorCode;
import dev.moongate.generation.GenerationRows.AttemptOutcome;
import dev.moongate.model.Catalogue;
import dev.moongate.provider.ImageProvider;
import dev.moongate.provider.ProviderOutcome;
import dev.moongate.provider.Refusal;
import dev.moongate.provider.Submission;
import dev.moongate.routing.AccountHealth;
import dev.moongate.routing.AccountLane;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends one queued generation to one account: writes the intent, submits, writes what came of it.
 * The intent is on disk before the first byte leaves, and the task id before anybody polls.
 */
final class Submitter {
  private static final Logger LOG = LoggerFactory.getLogger(Submitter.class);
  private static final Duration LONGEST_THROTTLE = Duration.ofSeconds(60);
  private static final Duration INTENT_IS_GOOD_FOR = Duration.ofSeconds(2);

  private final GenerationRows rows;
  private final Endings endings;
  private final Announcements announcements;
  private final Catalogue catalogue;
  private final InputPictures inputs;
  private final InstantSource clock;
  private final GenerationSettings settings;
  private final BooleanSupplier mayWrite;

  Submitter(
      GenerationRows rows,
      Endings endings,
      Announcements announcements,
      Catalogue catalogue,
      InputPictures inputs,
      InstantSource clock,
      GenerationSettings settings,
      BooleanSupplier mayWrite) {
    this.rows = rows;
    this.endings = endings;
    this.announcements = announcements;
    this.catalogue = catalogue;
    this.inputs = inputs;
    this.clock = clock;
    this.settings = settings;
    this.mayWrite = mayWrite;
  }

  /** Runs to the end of the submit; the permit is closed only after the outcome is on disk. */
  void submit(Generation queued, AccountLane lane, AccountLane.Permit permit) {
    String reference = permit.key().reference();
    boolean written = false;
    try (permit) {
      if (!mayWrite.getAsBoolean()) {
        return;
      }
      // Before the transaction: what its commit takes is part of the intent's age.
      long intended = System.nanoTime();
      written = rows.intend(queued, lane.account().name(), reference, clock.instant());
      if (!written) {
        return;
      }
      Generation seen = queued.intended(lane.account().name(), reference);
      ProviderOutcome.OfSubmit outcome =
          lane.account().api().submit(submission(seen, permit, intended));
      permit.answered(clock.instant());
      handle(seen, outcome, lane);
    } finally {
      permit.answered(clock.instant());
      if (!written) {
        lane.health().unknown();
      }
    }
  }

  /**
   * Nothing is sent on the strength of an intent that another process may have judged meanwhile: it
   * looks for the task of a submit in doubt, and twice without it is proof that nothing was sent.
   */
  private Submission submission(Generation seen, AccountLane.Permit permit, long intended) {
    String upstreamModel = catalogue.find(seen.request().model()).orElseThrow().upstreamName();
    return new Submission(
        seen.request(),
        upstreamModel,
        permit.key(),
        input -> inputs.require(seen.id(), input),
        settings.submitTimeout(),
        () ->
            mayWrite.getAsBoolean() && System.nanoTime() - intended < INTENT_IS_GOOD_FOR.toNanos());
  }

  private void handle(Generation seen, ProviderOutcome.OfSubmit outcome, AccountLane lane) {
    Instant now = clock.instant();
    switch (outcome) {
      case ProviderOutcome.Accepted accepted -> {
        lane.health().well();
        rows.accepted(
            seen, accepted.taskId(), accepted.requestId(), now, now.plus(settings.firstPoll()));
      }
      case ProviderOutcome.Succeeded succeeded -> {
        lane.health().well();
        announcements.announce(seen, succeeded);
      }
      case ProviderOutcome.NotSent notSent -> {
        lane.health().unknown();
        LOG.warn("generation {} was not sent: {}", seen.id(), notSent.reason());
        endings.tryAgain(seen, unreachable(), AttemptOutcome.NOT_SENT);
      }
      case ProviderOutcome.Ambiguous ambiguous -> {
        lane.health().unknown();
        inDoubt(seen, ambiguous.reason(), lane);
      }
      case ProviderOutcome.Rejected rejected -> rejected(seen, rejected.refusal(), lane, now);
    }
  }

  /** The key is held back before its permit is closed, so that nothing else is sent with it. */
  private void inDoubt(Generation seen, String reason, AccountLane lane) {
    if (lane.account().api().mode() == ImageProvider.Mode.SYNC) {
      endings.unresolved(seen, reason);
    } else {
      lane.hold(Objects.requireNonNull(seen.taskKey()));
      endings.doubt(seen, reason);
    }
  }

  private void rejected(Generation seen, Refusal refusal, AccountLane lane, Instant now) {
    switch (refusal.next()) {
      case END -> {
        lane.health().well();
        endings.refuse(seen, refusal, AttemptOutcome.REJECTED);
      }
      case THROTTLED -> {
        Duration wait = refusal.retryAfter() == null ? Duration.ofSeconds(1) : refusal.retryAfter();
        Duration capped = wait.compareTo(LONGEST_THROTTLE) > 0 ? LONGEST_THROTTLE : wait;
        lane.health().throttled(now.plus(capped));
        endings.tryAgain(seen, refusal, AttemptOutcome.THROTTLED);
      }
      case RETRY_FEW -> {
        lane.health().unknown();
        endings.tryAgain(seen, refusal, AttemptOutcome.REJECTED);
      }
      case ACCOUNT -> {
        AccountHealth.Verdict verdict = lane.health().ill(now);
        LOG.error(
            "account {} was refused by its provider ({}); check its key and its balance",
            lane.account().name(),
            refusal.vendorCode());
        endings.refuse(seen, refusal, AttemptOutcome.REJECTED);
        if (verdict == AccountHealth.Verdict.STILL_ILL) {
          refuseWaiting(refusal, lane);
        }
      }
    }
  }

  /** The probe was refused too: those who wait are told now, not one every half minute. */
  private void refuseWaiting(Refusal refusal, AccountLane lane) {
    for (Generation waiting :
        rows.allQueued(catalogue.modelsOf(lane.account().provider()), Integer.MAX_VALUE)) {
      endings.fail(waiting, new Failure(refusal.code(), refusal.message(), refusal.param()), null);
    }
  }

  private static Refusal unreachable() {
    return new Refusal(
        Refusal.Next.RETRY_FEW,
        ErrorCode.UPSTREAM_UNREACHABLE,
        "The provider could not be reached; nothing was sent or charged.",
        "NotSent",
        null,
        null);
  }
}
