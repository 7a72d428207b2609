package dev.moongate.generation;

import java.time.Duration;

/**
 * Where a generation stands in its queue.
 *
 * @param position 1 for the next
 * @param estimate how long until its pictures are there, going by the last ones; no promise
 */
public record QueuePlace(int position, Duration estimate) {}
