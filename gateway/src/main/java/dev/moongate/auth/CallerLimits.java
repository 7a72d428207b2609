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
  /** The highest limit but pixels' that makes sense; whoever needs more needs none. */
  public static final long HIGHEST = 1_000_000_000L;

  /** The highest limit of pixels a day. */
  public static final long MOST_PIXELS = 1_000_000_000_000_000L;

  /** No limit at all. */
  public static final CallerLimits NONE = new CallerLimits(null, null, null, null);
}
