package dev.moongate.auth;

import org.jspecify.annotations.Nullable;

/**
 * How much a key or a project may ask for; null lifts a limit.
 *
 * @param requestsPerMinute POSTs of generations
 * @param imagesPerMinute pictures asked for
 * @param pixelsPerDay of all pictures asked for in a UTC day; what was not delivered is given back
 * @param concurrent generations that have not ended
 */
public record CallerLimits(
    @Nullable Long requestsPerMinute,
    @Nullable Long imagesPerMinute,
    @Nullable Long pixelsPerDay,
    @Nullable Long concurrent) {
  /** No limit at all. */
  public static final CallerLimits NONE = new CallerLimits(null, null, null, null);
}
