package dev.moongate.generation;

import dev.moongate.error.ErrorCode;
import dev.moongate.generation.GenerationRows.AttemptOutcome;
import dev.moongate.image.ImageBytes;
import dev.moongate.image.InputImage;
import dev.moongate.model.Catalogue;
import dev.moongate.provider.ImageProvider;
import dev.moongate.provider.ProviderOutcome;
import dev.moongate.provider.Refusal;
import dev.moongate.provider.Submission;
import dev.moongate.routing.AccountHealth;
import dev.moongate.routing.AccountLane;
import dev.moongate.routing.Routes;
import dev.moongate.store.ImageStore;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Set;
import java.util.function.BooleanSupplier;
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

  private final GenerationRows rows;
  private final Endings endings;
  private final Announcements announcements;
  private final Catalogue catalogue;
  private final Routes routes;
  private final ImageStore store;
  private final InstantSource clock;
  private final GenerationSettings settings;
  private final BooleanSupplier mayWrite;

  Submitter(
      GenerationRows rows,
      Endings endings,
      Announcements announcements,
      Catalogue catalogue,
      Routes routes,
      ImageStore store,
      InstantSource clock,
      GenerationSettings settings,
      BooleanSupplier mayWrite) {
    this.rows = rows;
    this.endings = endings;
    this.announcements = announcements;
    this.catalogue = catalogue;
    this.routes = routes;
    this.store = store;
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
        LOG.error("the database's lock is lost; generation {} is not submitted", queued.id());
        return;
      }
      written = rows.intend(queued, lane.account().name(), reference, clock.instant());
      if (!written) {
        return;
      }
      Generation seen = queued.intended(lane.account().name(), reference);
      ProviderOutcome.OfSubmit outcome =
          lane.account().api().submit(submission(seen, lane, permit));
      permit.answered(clock.instant());
      handle(seen, outcome, lane);
    } finally {
      permit.answered(clock.instant());
      if (!written) {
        lane.health().unknown();
      }
    }
  }

  private Submission submission(Generation seen, AccountLane lane, AccountLane.Permit permit) {
    String upstreamModel = catalogue.find(seen.request().model()).orElseThrow().upstreamName();
    return new Submission(
        seen.request(), upstreamModel, permit.key(), this::bytesOf, patience(seen, lane));
  }

  /** The account's, and what large pictures need besides on their way out. */
  private static Duration patience(Generation seen, AccountLane lane) {
    long bytes =
        seen.request().inputImages().stream()
            .mapToLong(input -> input instanceof InputImage.Stored stored ? stored.bytes() : 0)
            .sum();
    return lane.account().submitTimeout().plusMillis(bytes / SLOWEST_BYTES_PER_MILLI);
  }

  private ImageBytes bytesOf(InputImage.Stored input) {
    return store
        .find("inputs/" + input.sha256())
        .orElseThrow(() ->
            new UncheckedIOException(
                new java.io.FileNotFoundException("input picture " + input.sha256())));
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
        lane.health().faulty(now);
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
        lane.health().throttled(now, refusal.retryAfter());
        endings.tryAgain(seen, refusal, AttemptOutcome.THROTTLED);
      }
      case RETRY_FEW -> {
        lane.health().faulty(now);
        endings.tryAgain(seen, refusal, AttemptOutcome.REJECTED);
      }
      case ACCOUNT -> {
        AccountHealth.Verdict verdict = lane.health().ill(now);
        LOG.error(
            "account {} was refused by its provider ({}); check its key and its balance",
            lane.account().name(),
            refusal.vendorCode());
        if (!endings.tryElsewhere(seen, refusal, AttemptOutcome.REJECTED)) {
          endings.refuse(seen, refusal, AttemptOutcome.REJECTED);
        }
        if (verdict != AccountHealth.Verdict.OPEN) {
          sendElsewhere(lane, now);
        }
        if (verdict == AccountHealth.Verdict.STILL_ILL) {
          refuseWaiting(refusal, lane);
        }
      }
    }
  }

  /** What waits for an account that takes nothing waits for another one, where there is one. */
  private void sendElsewhere(AccountLane lane, Instant now) {
    String account = lane.account().name();
    for (String model : routes.models()) {
      if (routes.of(model).contains(lane)) {
        routes
            .next(model, Set.of(account), now)
            .ifPresent(other -> rows.reroute(model, account, other.account().name()));
      }
    }
  }

  /** The probe was refused too: those who wait are told now, not one every half minute. */
  private void refuseWaiting(Refusal refusal, AccountLane lane) {
    for (Generation waiting : rows.allQueued(lane.account().name(), Integer.MAX_VALUE)) {
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
