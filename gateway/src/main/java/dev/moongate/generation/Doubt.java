package dev.moongate.generation;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A submit of which nobody knows whether the provider accepted it.
 *
 * @param intentAt when it was about to be sent
 * @param answeredAt when its answer was given up
 * @param keyReference the credential it was sent with
 * @param reason why it is in doubt
 * @param notListedAt when the provider's list of tasks did not show it for the first time, or could
 *     not be had; null before
 */
public record Doubt(
    Instant intentAt,
    Instant answeredAt,
    String keyReference,
    String reason,
    @Nullable Instant notListedAt) {
  static final String BY_DEATH = "the gateway stopped while it was being submitted";

  /** Whether the gateway brought it about, by dying. */
  boolean byDeath() {
    return reason.equals(BY_DEATH);
  }
}
