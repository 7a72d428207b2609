package dev.moongate.generation;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A submit of which nobody knows whether the provider accepted it.
 *
 * @param intentAt when it was about to be sent
 * @param answeredAt when its answer was given up
 * @param keyReference the credential it was sent with
 * @param notListedAt when the provider's list of tasks did not show it for the first time, or could
 *     not be had; null before
 */
public record Doubt(
    Instant intentAt, Instant answeredAt, String keyReference, @Nullable Instant notListedAt) {}
