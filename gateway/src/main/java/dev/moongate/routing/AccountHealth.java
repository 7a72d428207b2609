package dev.moongate.routing;

import java.time.Duration;
import java.time.Instant;
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

  private int refusalsInARow;
  private boolean probing;
  private @Nullable Instant pausedUntil;
  private Instant throttledUntil = Instant.MIN;

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

  /**
   * Whether a request may be sent now. The first one after a pause is the probe, and alone until it
   * is answered.
   */
  public synchronized boolean tryPass(Instant now) {
    if (now.isBefore(throttledUntil)) {
      return false;
    }
    if (pausedUntil == null) {
      return true;
    }
    if (probing || now.isBefore(pausedUntil)) {
      return false;
    }
    probing = true;
    return true;
  }

  /** When {@link #tryPass} may next say yes, if nothing else happens. */
  public synchronized Instant opensAt() {
    Instant paused = pausedUntil == null ? Instant.MIN : pausedUntil;
    return paused.isAfter(throttledUntil) ? paused : throttledUntil;
  }

  /** The provider accepted, or refused for reasons that are not the account's. */
  public synchronized void well() {
    refusalsInARow = 0;
    probing = false;
    pausedUntil = null;
  }

  /** Nothing was learnt about the account: no connection, or no answer. */
  public synchronized void unknown() {
    probing = false;
  }

  /** The provider refused because of the account. */
  public synchronized Verdict ill(Instant now) {
    refusalsInARow++;
    boolean probe = probing;
    probing = false;
    if (refusalsInARow < REFUSALS_TO_PAUSE) {
      return Verdict.OPEN;
    }
    pausedUntil = now.plus(PAUSE);
    return probe ? Verdict.STILL_ILL : Verdict.PAUSED;
  }

  /** The provider said it is asked too often. */
  public synchronized void throttled(Instant until) {
    probing = false;
    if (until.isAfter(throttledUntil)) {
      throttledUntil = until;
    }
  }
}
