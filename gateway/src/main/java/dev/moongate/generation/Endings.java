package dev.moongate.generation;

import dev.moongate.error.ErrorCode;
import dev.moongate.generation.GenerationRows.AttemptOutcome;
import dev.moongate.model.Money;
import dev.moongate.policy.LedgerEntry;
import dev.moongate.provider.ImageProvider;
import dev.moongate.provider.Refusal;
import dev.moongate.routing.AccountLane;
import dev.moongate.routing.Routes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every way in which a generation can end, with its money: hold = charge + release, whatever
 * happens.
 */
final class Endings {
  private static final Logger LOG = LoggerFactory.getLogger(Endings.class);
  private static final Duration UNTIL_JUDGED = Duration.ofSeconds(1);

  private final GenerationRows rows;
  private final Waiters waiters;
  private final InstantSource clock;
  private final GenerationSettings settings;
  private final Routes routes;
  private final InputPictures inputs;

  /** What an older copy knows as running may have failed, and run again, after it was made. */
  private final Set<String> neverAgain = ConcurrentHashMap.newKeySet();

  private final Set<String> unjudged = ConcurrentHashMap.newKeySet();

  Endings(
      GenerationRows rows,
      Waiters waiters,
      InstantSource clock,
      GenerationSettings settings,
      Routes routes,
      InputPictures inputs) {
    this.rows = rows;
    this.routes = routes;
    this.inputs = inputs;
    this.waiters = waiters;
    this.clock = clock;
    this.settings = settings;
  }

  /** Ends without charge. */
  void fail(Generation seen, Failure failure, @Nullable AttemptOutcome attempt) {
    end(seen, State.FAILED, failure, null, List.of(release(seen.hold())), attempt);
  }

  /** Ends on request, without charge; false if the generation has moved on meanwhile. */
  boolean cancel(Generation seen, @Nullable AttemptOutcome attempt) {
    Failure failure =
        new Failure(
            ErrorCode.CANCELLED, "The generation was cancelled; you are not charged.", null);
    return end(seen, State.CANCELLED, failure, null, List.of(release(seen.hold())), attempt);
  }

  /** A provider said no for good. */
  void refuse(Generation seen, Refusal refusal, AttemptOutcome attempt) {
    LOG.info(
        "generation {} refused by account {}: {}", seen.id(), seen.account(), refusal.vendorCode());
    if (refusal.code() == ErrorCode.CANCELLED) {
      cancel(seen, attempt);
    } else {
      fail(seen, new Failure(refusal.code(), refusal.message(), refusal.param()), attempt);
    }
  }

  /**
   * Nobody knows yet whether the submit was accepted. Its credential is held back before this is
   * written, so that nothing else is sent with it, and the provider is asked; of a synchronous
   * submit it knows nothing, and that one ends.
   */
  void doubt(Generation seen, String reason, AccountLane lane) {
    if (lane.account().api().mode() == ImageProvider.Mode.SYNC) {
      unresolved(seen, reason);
    } else {
      lane.hold(Objects.requireNonNull(seen.taskKey()), seen.id());
      doubt(seen, reason);
    }
  }

  /** The same at an account that is not there any more; it waits until it is. */
  void doubt(Generation seen, String reason) {
    LOG.warn("the submit of generation {} is in doubt: {}", seen.id(), reason);
    rows.doubtful(seen, reason, clock.instant());
    waiters.changed(seen.id());
  }

  /**
   * Nobody knows whether the submit was accepted: it is never sent again, the caller pays nothing,
   * and what the provider may have taken is booked as suspected. False if it has moved on
   * meanwhile.
   */
  boolean unresolved(Generation seen, String reason) {
    return unresolved(
        seen, reason, seen.state() == State.ADMITTED ? null : AttemptOutcome.AMBIGUOUS);
  }

  private boolean unresolved(Generation seen, String reason, @Nullable AttemptOutcome attempt) {
    LOG.warn("generation {} ends with unknown outcome: {}", seen.id(), reason);
    Money hold = seen.hold();
    List<LedgerEntry> entries =
        List.of(
            release(hold),
            LedgerEntry.cost(
                LedgerEntry.Kind.SUSPECTED_COST,
                costOf(seen),
                seen.request().n(),
                seen.attempts()));
    Failure failure =
        new Failure(
            ErrorCode.OUTCOME_UNKNOWN,
            "The provider's answer to this request was lost, so nobody knows whether it made a"
                + " picture. You are not charged; it is not sent again by itself.",
            null);
    return end(seen, State.UNRESOLVED, failure, null, entries, attempt);
  }

  /**
   * The provider made pictures, or says so, and gave none of them: the caller pays nothing.
   *
   * @param billed how many the provider takes money for; null if it does not say
   */
  void undelivered(Generation seen, @Nullable Integer billed) {
    LedgerEntry.Kind kind =
        billed == null ? LedgerEntry.Kind.SUSPECTED_COST : LedgerEntry.Kind.COST;
    int pictures = billed == null ? seen.request().n() : billed;
    List<LedgerEntry> entries =
        List.of(
            release(seen.hold()), LedgerEntry.cost(kind, costOf(seen), pictures, seen.attempts()));
    Failure failure =
        new Failure(
            ErrorCode.IMAGE_LOST,
            "The provider said that it succeeded, but gave no picture however often it was asked;"
                + " you are not charged.",
            null);
    Money nothing = seen.unitPrice().times(0);
    end(seen, State.LOST, failure, nothing, entries, AttemptOutcome.SUCCEEDED);
  }

  /** All pictures are stored or given up: charges for the stored ones. */
  void settle(Generation seen, int stored, int lost) {
    Money charge = seen.unitPrice().times(Math.min(stored, seen.request().n()));
    List<LedgerEntry> entries = new ArrayList<>();
    if (charge.micros() > 0) {
      entries.add(new LedgerEntry(LedgerEntry.Kind.CHARGE, charge, null));
    }
    Money rest = seen.hold().minus(charge);
    if (rest.micros() > 0) {
      entries.add(release(rest));
    }
    Failure failure =
        lost == 0
            ? null
            : new Failure(
                ErrorCode.IMAGE_LOST,
                "%d of %d pictures were made but could not be fetched from the provider; charged for the %d that are stored."
                    .formatted(lost, lost + stored, stored),
                null);
    end(
        seen,
        lost == 0 ? State.SUCCEEDED : State.LOST,
        failure,
        charge,
        entries,
        AttemptOutcome.SUCCEEDED);
  }

  /**
   * Until it is judged, these neither end for having waited too long nor go back into the queue.
   */
  void awaitJudgement(Collection<String> ids) {
    unjudged.addAll(ids);
  }

  /** From now on it ends as unknown instead of going back into the queue. */
  void neverAgain(String id) {
    neverAgain.add(id);
    unjudged.remove(id);
  }

  /** It is like any other. */
  void asUsual(String id) {
    neverAgain.remove(id);
    unjudged.remove(id);
  }

  /**
   * Back into the queue after proof that nothing runs, or to its end if it was tried or has waited
   * long enough. One that was in doubt lets others go first for as long as the doubt was looked at.
   */
  void tryAgain(Generation seen, Refusal refusal, AttemptOutcome attempt) {
    if (unjudged.contains(seen.id())) {
      // Whatever asks again asks it later.
      rows.postpone(seen, clock.instant().plus(UNTIL_JUDGED));
      return;
    }
    if (neverAgain.contains(seen.id())) {
      unresolved(seen, "it may have been tried again after the copy was made", attempt);
      return;
    }
    Instant now = clock.instant();
    boolean throttled = refusal.next() == Refusal.Next.THROTTLED;
    if (tryElsewhere(seen, refusal, attempt)) {
      return;
    }
    Setbacks had = new Setbacks(rows.faults(seen.id()));
    if (had.enough(refusal, attempt, settings.faultRetries()) || !now.isBefore(seen.deadlineAt())) {
      refuse(seen, refusal, attempt);
      return;
    }
    Duration wait = refusal.retryAfter();
    if (wait == null) {
      wait =
          attempt == AttemptOutcome.DISPROVED
              ? settings.reconcileAfter()
              : had.pause(refusal, attempt, seen.attempts());
    }
    rows.backToQueue(
        seen,
        throttled ? AttemptOutcome.THROTTLED : attempt,
        refusal.vendorCode(),
        Objects.requireNonNull(seen.account()),
        now,
        now.plus(wait));
    waiters.stepped(seen.id());
  }

  /**
   * After proof that nothing was begun, on to an account that it was not tried at yet; false if
   * there is none. Nothing that was accepted, and nothing that is throttled, changes its account.
   */
  boolean tryElsewhere(Generation seen, Refusal refusal, AttemptOutcome attempt) {
    Instant now = clock.instant();
    boolean proven = attempt == AttemptOutcome.NOT_SENT || attempt == AttemptOutcome.REJECTED;
    if (!proven || !now.isBefore(seen.deadlineAt())) {
      return false;
    }
    String model = seen.request().model();
    AccountLane next = routes.next(model, rows.triedAccounts(seen.id()), now).orElse(null);
    if (next == null) {
      return false;
    }
    LOG.info(
        "generation {} goes on from account {} to {}",
        seen.id(),
        seen.account(),
        next.account().name());
    rows.backToQueue(seen, attempt, refusal.vendorCode(), next.account().name(), now, now);
    waiters.stepped(seen.id());
    return true;
  }

  /** It has waited past its deadline and was never accepted. */
  void expire(Generation seen) {
    if (unjudged.contains(seen.id())) {
      return;
    }
    Failure failure =
        new Failure(
            ErrorCode.QUEUE_TIMEOUT,
            "The generation waited for %d seconds and its provider account had no place for it; nothing was charged."
                .formatted(
                    java.time.Duration.between(seen.createdAt(), seen.deadlineAt()).toSeconds()),
            null);
    fail(seen, failure, null);
  }

  private boolean end(
      Generation seen,
      State state,
      @Nullable Failure failure,
      @Nullable Money cost,
      List<LedgerEntry> entries,
      @Nullable AttemptOutcome attempt) {
    boolean ended = rows.end(seen, state, failure, cost, entries, attempt, clock.instant());
    if (ended) {
      LOG.info("generation {} {}", seen.id(), state);
      inputs.remove(seen);
    }
    waiters.changed(seen.id());
    return ended;
  }

  /** What the provider takes for one picture at the generation's account. */
  Money costOf(Generation seen) {
    return routes.cost(seen.account(), seen.request().model(), seen.unitPrice());
  }

  private static LedgerEntry release(Money amount) {
    return new LedgerEntry(LedgerEntry.Kind.RELEASE, amount, null);
  }
}
