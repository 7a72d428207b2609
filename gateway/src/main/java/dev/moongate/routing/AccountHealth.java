package dev.moongate.routing;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether an account may be used at all. One refusal for reasons of the account (wrong key,
 * arrears) closes nothing; three in a row pause it for 30 seconds, and then a single real request
 * tries whether it is well again. Throttling by the provider holds it back for as long as the
 * provider says. Safe for several threads.
 */
public final class AccountHealth {
  private static final int REFUSALS_TO_PAUSE = 3;
  private static final Duration PAUSE = Duration.ofSeconds(30);

  /** How many of the last submits are looked at, and how many of them must have failed. */
  private static final int LOOKED_AT = 20;

  private static final int FAULTS_TO_AVOID = 5;
  private static final Duration FIRST_SLOWDOWN = Duration.ofSeconds(1);
  private static final Duration LONGEST_SLOWDOWN = Duration.ofSeconds(60);

  private int refusalsInARow;
  private @Nullable Pass probe;
  private boolean paused;
  private final Pause pause = new Pause();
  private final Pause throttle = new Pause();
  private int throttlesInARow;
  private final Pause avoidance = new Pause();

  /** Newest last; true where the submit failed. */
  private final Deque<Boolean> faults = new ArrayDeque<>();

  /** What a refusal means for others that wait at the account. */
  public enum Verdict {
    /** They go on. */
    OPEN,
    /** They wait for the pause to end. */
    PAUSED,
    /**
     * The request that was sent to see whether the account is well again was refused too: waiting
     * is useless.
     */
    STILL_ILL
  }

  /** One request's leave to be sent; to be given to {@link #over} when it is known how it went. */
  public static final class Pass {
    private Pass() {}
  }

  /**
   * Leave to send a request now, if there is any. The first one after a pause is the probe, and
   * alone until it is over; what was sent before the pause may be answered meanwhile.
   */
  public synchronized Optional<Pass> tryPass(Instant now) {
    if (!throttle.over(now)) {
      return Optional.empty();
    }
    Pass pass = new Pass();
    if (paused) {
      if (probe != null || !pause.over(now)) {
        return Optional.empty();
      }
      probe = pass;
    }
    return Optional.of(pass);
  }

  /** Nothing more is learnt from this one. A probe that taught nothing lets another probe. */
  public synchronized void over(Pass pass) {
    if (pass == probe) {
      probe = null;
    }
  }

  /** When {@link #tryPass} may next say yes, if nothing else happens. */
  public synchronized Instant opensAt() {
    return paused && pause.until().isAfter(throttle.until()) ? pause.until() : throttle.until();
  }

  /**
   * Whether new work should come here if there is another account: it is not paused, and not too
   * many of its last submits failed.
   */
  public synchronized boolean open(Instant now) {
    return avoidance.over(now) && (!paused || pause.over(now));
  }

  /** The provider accepted, or refused for reasons that are not the account's. */
  public synchronized void well() {
    refusalsInARow = 0;
    throttlesInARow = 0;
    probe = null;
    paused = false;
    look(false);
  }

  /**
   * The submit failed for reasons of the provider's: no connection, or an unbilled error. Where
   * half of the last twenty did so, and at least five, others are preferred for 30 seconds; where
   * there is no other account nothing changes.
   */
  public synchronized void faulty(Instant now) {
    look(true);
    int failed = Collections.frequency(faults, true);
    if (failed >= FAULTS_TO_AVOID && 2 * failed >= faults.size()) {
      avoidance.begin(now, PAUSE);
      faults.clear();
    }
  }

  /** How the account stands. */
  public synchronized Standing standing(Instant now) {
    Instant throttled = throttle.over(now) ? null : throttle.until();
    if (paused) {
      return new Standing(Condition.PAUSED, pause.until(now), throttled);
    }
    return avoidance.over(now)
        ? new Standing(Condition.OPEN, null, throttled)
        : new Standing(Condition.AVOIDED, avoidance.until(), throttled);
  }

  /** Whether an account takes work. */
  public enum Condition {
    OPEN,
    /** Its provider refuses it; once the pause is over, one request tries whether it is well. */
    PAUSED,
    /** Too many of its last submits failed; others are preferred where there are any. */
    AVOIDED
  }

  /**
   * How an account stands.
   *
   * @param until when the pause or the avoiding ends; null if it is open
   * @param throttledUntil until when its provider wants to hear nothing; null if it does not mind
   */
  public record Standing(
      Condition condition, @Nullable Instant until, @Nullable Instant throttledUntil) {}

  private void look(boolean fault) {
    faults.addLast(fault);
    if (faults.size() > LOOKED_AT) {
      faults.removeFirst();
    }
  }

  /** The provider refused this one because of the account. */
  public synchronized Verdict ill(Pass pass, Instant now) {
    refusalsInARow++;
    if (refusalsInARow < REFUSALS_TO_PAUSE) {
      return Verdict.OPEN;
    }
    paused = true;
    pause.begin(now, PAUSE);
    return pass == probe ? Verdict.STILL_ILL : Verdict.PAUSED;
  }

  /**
   * The provider said it is asked too often: nothing is sent for as long as it says, or for twice
   * as long each time from a second on, at most a minute. Answers when that is over.
   */
  public synchronized Instant throttled(Instant now, @Nullable Duration retryAfter) {
    Duration wait = FIRST_SLOWDOWN.multipliedBy(1L << Math.min(throttlesInARow++, 6));
    if (retryAfter != null && retryAfter.compareTo(wait) > 0) {
      wait = retryAfter;
    }
    if (wait.compareTo(LONGEST_SLOWDOWN) > 0) {
      wait = LONGEST_SLOWDOWN;
    }
    throttle.begin(now, wait);
    return now.plus(wait);
  }
}
