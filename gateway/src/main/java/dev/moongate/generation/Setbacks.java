package dev.moongate.generation;

import dev.moongate.error.ErrorCode;
import dev.moongate.generation.GenerationRows.AttemptOutcome;
import dev.moongate.generation.GenerationRows.Fault;
import dev.moongate.provider.Refusal;
import java.time.Duration;
import java.util.List;

/**
 * What goes wrong with submits that no provider took, and how often it may happen to one generation
 * before that ends. What the gateway brought about itself says nothing about the request or the
 * provider, and is not counted with the rest.
 */
final class Setbacks {
  private static final String LATE = "GatewayWasLate";
  private static final String DIED = "GatewayDied";

  /** A request that brings the gateway down must not do so for ever. */
  private static final int MOST_DEATHS = 5;

  /** With the pauses between them, a quarter of an hour: whatever slows the gateway down stays. */
  private static final int MOST_LATE = 30;

  private static final int LONGEST_DOUBLING = 5;

  private final List<Fault> others;
  private final long deaths;
  private final long late;

  /** What a generation has had. */
  Setbacks(List<Fault> faults) {
    this.others = faults.stream().filter(fault -> !ours(fault.reason())).toList();
    this.deaths = count(faults, DIED);
    this.late = count(faults, LATE);
  }

  private static long count(List<Fault> faults, String reason) {
    return faults.stream().filter(fault -> fault.reason().equals(reason)).count();
  }

  private static boolean ours(String reason) {
    return reason.equals(LATE) || reason.equals(DIED);
  }

  /**
   * How long a generation waits after one more: a second, and twice as long each time of its kind.
   * A throttled submit makes its account wait, and that is enough; a throttled task was accepted
   * before, which lets the account go on.
   *
   * @param tries how many it has had, with this one
   */
  Duration pause(Refusal refusal, AttemptOutcome attempt, int tries) {
    long had = others.size();
    if (refusal.next() == Refusal.Next.THROTTLED) {
      had = attempt == AttemptOutcome.FAILED_UNBILLED ? tries - 1 : 0;
    } else if (refusal.vendorCode().equals(LATE)) {
      had = late;
    }
    return Duration.ofSeconds(1L << Math.min(LONGEST_DOUBLING, had));
  }

  /**
   * Whether a generation that has had these, and meets one more, is not tried again.
   *
   * @param most how often it is tried again after what is not the gateway's own doing
   */
  boolean enough(Refusal refusal, AttemptOutcome attempt, int most) {
    return switch (refusal.vendorCode()) {
      case LATE -> late >= MOST_LATE;
      case DIED -> deaths >= MOST_DEATHS;
      default ->
          refusal.next() != Refusal.Next.THROTTLED
              && (others.size() >= most || doubtedAgain(attempt));
    };
  }

  /**
   * Each doubt holds a credential back until two lists were read: nobody's request does it often.
   */
  private boolean doubtedAgain(AttemptOutcome attempt) {
    return attempt == AttemptOutcome.DISPROVED
        && others.stream().anyMatch(fault -> fault.outcome() == AttemptOutcome.DISPROVED);
  }

  static Refusal unreachable() {
    return refusal("NotSent", "The provider could not be reached; nothing was sent or charged.");
  }

  /** By the gateway's own doing the intent was too old when its first byte should have left. */
  static Refusal late() {
    return refusal(LATE, "The gateway was too slow to send it; nothing was sent or charged.");
  }

  /**
   * A doubt that the provider's list has disproved.
   *
   * @param died whether it came up by the death of a gateway
   */
  static Refusal neverArrived(boolean died) {
    return refusal(
        died ? DIED : "Disproved",
        "The request never arrived at the provider; nothing was charged.");
  }

  private static Refusal refusal(String mark, String message) {
    return new Refusal(
        Refusal.Next.RETRY_FEW, ErrorCode.UPSTREAM_UNREACHABLE, message, mark, null, null);
  }
}
