package dev.moongate.generation;

import java.time.Instant;

/**
 * Another submit to the account that may be the owner of a task which no attempt knows.
 *
 * @param state DISPATCHING while its answer may still come, UNCERTAIN, or UNRESOLVED if it ended
 *     without anybody ever knowing
 * @param answeredAt when its answer was given up; when it was sent, as long as it was not
 */
public record Rival(String keyReference, State state, Instant answeredAt) {}
