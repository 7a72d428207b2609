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

  /** How many generations of a project a query means, whatever part of them it lists. */
  int count(String organisation, String project, Query query);

  /** Generations of all projects, newest first. */
  List<Generation> listAll(Whose whose, Query query);

  /** The attempts of a generation, in their order. */
  List<Attempt> attempts(String generation);

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
   * Whose generations to list; null for all.
   *
   * @param key id of the key that asked
   * @param account where they wait, or were submitted last
   */
  record Whose(@Nullable String project, @Nullable String key, @Nullable String account) {}

  /**
   * One try of a generation at one account.
   *
   * @param task the provider's task id
   * @param requestId the provider's own name of the submit
   * @param reason why it ended as it did, in the provider's words
   */
  record Attempt(
      int number,
      String account,
      GenerationRows.AttemptOutcome outcome,
      @Nullable String task,
      @Nullable String requestId,
      @Nullable String reason,
      Instant begunAt,
      @Nullable Instant answeredAt) {}

  /**
   * What to list.
   *
   * @param states all if empty
   * @param after the last generation of the page before
   * @param skip how many to pass over
   */
  record Query(
      int limit,
      @Nullable String after,
      int skip,
      List<State> states,
      @Nullable String model,
      @Nullable Instant createdAfter,
      @Nullable Instant createdBefore) {
    public Query {
      states = List.copyOf(states);
    }
  }
}
