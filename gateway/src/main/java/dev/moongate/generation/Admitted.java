package dev.moongate.generation;

/**
 * What came of a request that was let in.
 *
 * @param id of the generation that it waits for
 * @param joined whether the generation was there before: then nothing was set aside for this
 *     request
 */
public record Admitted(String id, boolean joined) {}
