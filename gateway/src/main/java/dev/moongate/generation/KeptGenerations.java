package dev.moongate.generation;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Generations as their project looks back on them. Implemented in {@code db}; methods block. */
public interface KeptGenerations {
  /** A project's generations, newest first. */
  List<Generation> list(String organisation, String project, Query query);

  /** How long the last pictures of a model took from their submit; empty if there are none. */
  Optional<Duration> pace(String model);

  /**
   * Takes prompt and pictures from a generation that has ended; the ledger keeps its lines. False
   * if it has not ended, or is gone already.
   */
  boolean remove(String id, Instant now);

  /** Generations that ended well or ill and were admitted before {@code before}, oldest first. */
  List<String> olderThan(Instant before, int limit);

  /** Keys of stored pictures that belong to nobody any more. */
  List<String> removedPictures(int limit);

  /** A removed picture's file is gone. */
  void pictureGone(String storageKey);

  /** Forgets Idempotency-Keys that are past their time. */
  int forgetKeys(Instant now);

  /**
   * What to list.
   *
   * @param states all if empty
   * @param after the last generation of the page before
   */
  record Query(
      int limit,
      @Nullable String after,
      List<State> states,
      @Nullable String model,
      @Nullable Instant createdAfter,
      @Nullable Instant createdBefore) {
    public Query {
      states = List.copyOf(states);
    }
  }
}
