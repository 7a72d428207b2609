package dev.moongate.provider;

import dev.moongate.error.ErrorCode;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Why a provider said no, and what to do about it. Nothing was billed.
 *
 * @param code what the caller is told if it ends here
 * @param message for the caller: never holds a key, an address or an account's name
 * @param vendorCode the provider's own code, for the log and the generation
 * @param param the caller's member that is wrong, where that is known
 */
public record Refusal(
    Next next,
    ErrorCode code,
    String message,
    String vendorCode,
    @Nullable String param,
    @Nullable Duration retryAfter) {

  /** What follows from a refusal. */
  public enum Next {
    /** The caller is told; another try would be refused too. */
    END,
    /**
     * Too fast or too many: the account slows down and the generation is tried again while time is
     * left.
     */
    THROTTLED,
    /** The provider is broken for the moment: tried again a few times. */
    RETRY_FEW,
    /**
     * Wrong key, arrears, no entitlement: the caller is told, and the account's health counts it.
     */
    ACCOUNT
  }
}
