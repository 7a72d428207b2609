package dev.moongate.generation;

import dev.moongate.error.ErrorCode;
import dev.moongate.generation.GenerationRows.AttemptOutcome;
import dev.moongate.generation.GenerationRows.TaskClaim;
import dev.moongate.image.InputImage;
import dev.moongate.model.Catalogue;
import dev.moongate.model.Model;
import dev.moongate.provider.ProviderOutcome;
import dev.moongate.provider.Refusal;
import dev.moongate.provider.Submission;
import dev.moongate.routing.AccountHealth;
import dev.moongate.routing.AccountLane;
import dev.moongate.routing.Routes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends one queued generation to one account: writes the intent, submits, writes what came of it.
 * The intent is on disk before the first byte leaves, and the task id before anybody polls.
 */
final class Submitter {
  private static final Logger LOG = LoggerFactory.getLogger(Submitter.class);

  /** Of a picture; in base64 that is 128 KB a second. */
  private static final int SLOWEST_BYTES_PER_MILLI = 96;

  private static final Failure UNWRITABLE =
      new Failure(
          ErrorCode.INTERNAL_ERROR,
          "The gateway cannot write the request to its provider, for it has lost a part of it, such"
              + " as an input picture; nothing was sent or charged.",
          null);

  private final GenerationRows rows;
  private final Endings endings;
  private final Waiters waiters;
  private final Announcements announcements;
  private final Catalogue catalogue;
  private final Bystanders bystanders;
  private final InputPictures inputs;
  private final InstantSource clock;
  private final GenerationSettings settings;
  private final BooleanSupplier mayWrite;
  private final UntilWritten untilWritten;

  Submitter(
      GenerationRows rows,
      Endings endings,
      Waiters waiters,
      Announcements announcements,
      Catalogue catalogue,
      Routes routes,
      InputPictures inputs,
      InstantSource clock,
      GenerationSettings settings,
      BooleanSupplier mayWrite,
      UntilWritten untilWritten) {
    this.rows = rows;
    this.endings = endings;
    this.waiters = waiters;
    this.announcements = announcements;
    this.catalogue = catalogue;
    this.bystanders = new Bystanders(rows, endings, routes, clock);
    this.inputs = inputs;
    this.clock = clock;
    this.settings = settings;
    this.mayWrite = mayWrite;
    this.untilWritten = untilWritten;
  }

  /**
   * Runs to the end of the submit. The permit is closed only after the outcome is on disk, or after
   * its key is held back: a key that is used again before that would make two tasks that nobody can
   * tell apart.
   */
  void submit(Generation queued, AccountLane lane, AccountLane.Permit permit) {
    Refusal forAll = null;
    boolean known = false;
    try (permit) {
      try {
        if (!mayWrite.getAsBoolean()) {
          known = true;
          return;
        }
        Model model = catalogue.find(queued.request().model()).orElse(null);
        if (model == null) {
          known = true;
          endings.fail(queued, withdrawn(queued), null);
          return;
        }
        // Before the transaction: what its commit takes is part of the intent's age.
        IntentGate gate = new IntentGate(mayWrite);
        Generation seen = queued.intended(lane.account().name(), permit.key().reference());
        if (intend(queued, seen)) {
          waiters.stepped(seen.id());
          Submission submission = submission(seen, model, lane, permit, gate);
          gate.calling();
          ProviderOutcome.OfSubmit outcome = lane.account().api().submit(submission);
          permit.answered(clock.instant());
          forAll = handle(seen, outcome, gate, lane, permit);
        }
        known = true;
      } finally {
        if (!known) {
          lane.hold(permit.key().reference(), queued.id());
        }
      }
    } finally {
      permit.answered(clock.instant());
    }
    if (forAll != null) {
      bystanders.refuse(forAll, lane);
    }
  }

  /** It was admitted by a gateway that had the model still. */
  private static Failure withdrawn(Generation queued) {
    return new Failure(
        ErrorCode.MODEL_NOT_FOUND,
        "The model %s is not served any more; nothing was sent or charged."
            .formatted(queued.request().model()),
        "model");
  }

  /**
   * Whether the intent is on disk, and by this process. One that was committed without our hearing
   * of it makes the next try answer false, and then stands in the row as we meant it.
   */
  private boolean intend(Generation queued, Generation intended) {
    String account = Objects.requireNonNull(intended.account());
    String key = Objects.requireNonNull(intended.taskKey());
    boolean now =
        untilWritten.run(queued.id(), () -> rows.intend(queued, account, key, clock.instant()));
    return now || (isThere(intended) && mayWrite.getAsBoolean());
  }

  private boolean isThere(Generation intended) {
    return untilWritten
        .run(intended.id(), () -> rows.find(intended.id()))
        .filter(row -> row.state() == State.DISPATCHING && row.epoch() == intended.epoch())
        .filter(row -> Objects.equals(row.account(), intended.account()))
        .filter(row -> Objects.equals(row.taskKey(), intended.taskKey()))
        .isPresent();
  }

  private Submission submission(
      Generation seen, Model model, AccountLane lane, AccountLane.Permit permit, IntentGate gate) {
    return new Submission(
        seen.request(),
        model.upstreamName(),
        permit.key(),
        input -> inputs.require(seen.id(), input),
        patience(seen, lane),
        gate);
  }

  /** The account's, and what large pictures need besides on their way out. */
  static Duration patience(Generation seen, AccountLane lane) {
    long bytes =
        seen.request().inputImages().stream()
            .mapToLong(input -> input instanceof InputImage.Stored stored ? stored.bytes() : 0)
            .sum();
    return lane.account().submitTimeout().plusMillis(bytes / SLOWEST_BYTES_PER_MILLI);
  }

  /** Answers what all that wait for the account are to be told; null if they go on waiting. */
  private @Nullable Refusal handle(
      Generation seen,
      ProviderOutcome.OfSubmit outcome,
      IntentGate gate,
      AccountLane lane,
      AccountLane.Permit permit) {
    Instant now = clock.instant();
    switch (outcome) {
      case ProviderOutcome.Accepted accepted -> {
        lane.health().well();
        accepted(seen, accepted, lane, now);
      }
      case ProviderOutcome.Succeeded succeeded -> {
        lane.health().well();
        write(seen, () -> announcements.announce(seen, succeeded));
      }
      case ProviderOutcome.NotSent notSent -> notSent(seen, notSent.reason(), gate, lane);
      case ProviderOutcome.Unwritable unwritable -> {
        LOG.error("generation {} cannot be written: {}", seen.id(), unwritable.reason());
        write(seen, () -> endings.fail(seen, UNWRITABLE, AttemptOutcome.NOT_SENT));
      }
      case ProviderOutcome.Ambiguous ambiguous ->
          write(seen, () -> endings.doubt(seen, ambiguous.reason(), lane));
      case ProviderOutcome.Rejected rejected -> {
        return rejected(seen, rejected.refusal(), lane, permit, now);
      }
    }
    return null;
  }

  private void notSent(Generation seen, String reason, IntentGate gate, AccountLane lane) {
    IntentGate.Closed closed = gate.closed();
    LOG.warn(
        "generation {} was not sent: {}{}", seen.id(), reason, closed == null ? "" : ", " + closed);
    boolean late = closed == IntentGate.Closed.BY_THE_GATEWAY;
    if (!late) {
      lane.health().faulty(clock.instant());
    }
    Refusal refusal = late ? Setbacks.late() : Setbacks.unreachable();
    write(seen, () -> endings.tryAgain(seen, refusal, AttemptOutcome.NOT_SENT));
  }

  private void accepted(
      Generation seen, ProviderOutcome.Accepted accepted, AccountLane lane, Instant now) {
    TaskClaim claim =
        untilWritten.run(
            seen.id(),
            () ->
                rows.accepted(
                    seen,
                    accepted.taskId(),
                    accepted.requestId(),
                    now,
                    now.plus(settings.firstPoll())));
    if (claim == TaskClaim.TAKEN) {
      LOG.error(
          "account {} answered generation {} with the task of another, {}",
          lane.account().name(),
          seen.id(),
          accepted.taskId());
      write(seen, () -> endings.doubt(seen, "it was answered with another one's task", lane));
    }
  }

  private void write(Generation seen, Runnable outcome) {
    untilWritten.run(
        seen.id(),
        () -> {
          outcome.run();
          return true;
        });
  }

  private @Nullable Refusal rejected(
      Generation seen, Refusal refusal, AccountLane lane, AccountLane.Permit permit, Instant now) {
    switch (refusal.next()) {
      case END -> {
        lane.health().well();
        write(seen, () -> endings.refuse(seen, refusal, AttemptOutcome.REJECTED));
      }
      case THROTTLED -> {
        lane.health().throttled(now, refusal.retryAfter());
        write(seen, () -> endings.tryAgain(seen, refusal, AttemptOutcome.THROTTLED));
      }
      case RETRY_FEW -> {
        lane.health().faulty(now);
        write(seen, () -> endings.tryAgain(seen, refusal, AttemptOutcome.REJECTED));
      }
      case ACCOUNT -> {
        AccountHealth.Verdict verdict = permit.ill(now);
        LOG.error(
            "account {} was refused by its provider ({}); check its key and its balance",
            lane.account().name(),
            refusal.vendorCode());
        write(
            seen,
            () -> {
              if (!endings.tryElsewhere(seen, refusal, AttemptOutcome.REJECTED)) {
                endings.refuse(seen, refusal, AttemptOutcome.REJECTED);
              }
            });
        if (verdict != AccountHealth.Verdict.OPEN) {
          bystanders.sendElsewhere(lane, now);
        }
        return verdict == AccountHealth.Verdict.STILL_ILL ? refusal : null;
      }
    }
    return null;
  }
}
