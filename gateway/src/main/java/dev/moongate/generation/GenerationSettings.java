package dev.moongate.generation;

import java.time.Duration;

/**
 * How patient the engine is.
 *
 * @param queueFor a generation that was not accepted this long after its admission fails
 * @param firstPoll the wait before the first poll of a task
 * @param pollEvery the wait between polls
 * @param faultRetries how often a submit is tried again after proof that the last one was not
 *     accepted; once only where that proof took two lists of tasks
 * @param linkLife how long the provider keeps pictures and tasks
 * @param longestQueue how many generations may wait
 * @param minFreeDisk below this many free bytes nothing is admitted
 * @param reconcileAfter a submit in doubt is sent again only after the provider's list of tasks did
 *     not show it twice, this far apart
 * @param keepFor prompts and pictures are removed this long after admission
 */
public record GenerationSettings(
    Duration queueFor,
    Duration firstPoll,
    Duration pollEvery,
    int faultRetries,
    Duration linkLife,
    int longestQueue,
    long minFreeDisk,
    Duration reconcileAfter,
    Duration keepFor) {
  /** What a gateway runs with unless told otherwise. */
  public static final GenerationSettings DEFAULTS =
      new GenerationSettings(
          Duration.ofMinutes(30),
          Duration.ofSeconds(1),
          Duration.ofSeconds(1),
          2,
          Duration.ofHours(24),
          10_000,
          256L << 20,
          Duration.ofSeconds(30),
          Duration.ofDays(30));
}
