package dev.moongate.generation;

import dev.moongate.provider.ListedTask;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What is needed to find out what became of a submit. Implemented in {@code db}; methods block. */
public interface DoubtRows {
  /** The live attempt of a generation in UNCERTAIN. */
  Doubt doubt(Generation seen);

  /** The account's submits that are under way or in doubt. */
  List<OpenSubmit> open(String account);

  /**
   * A submit whose outcome nobody has written down, or nobody knows.
   *
   * @param state DISPATCHING or UNCERTAIN
   */
  record OpenSubmit(String generation, State state, String keyReference) {}

  /** Which of these tasks belong to attempts of ours, each with the credential of its attempt. */
  Map<String, String> known(String account, Collection<String> tasks);

  /**
   * The account's submits that are under way or in doubt, and those that ended as unknown and were
   * answered after {@code since}; without this generation's own.
   */
  List<Rival> rivals(String account, String exceptGeneration, Instant since);

  /** The provider's own names of the account's credentials, by our references to them. */
  Map<String, String> learnt(String account);

  /** Keeps the provider's name of a credential. */
  void learn(String account, String keyReference, String apiKeyId);

  /** The tasks that were written down as orphans before a moment, within the day before it. */
  Set<String> orphansSeenBefore(String account, Instant moment);

  /**
   * Writes down tasks that the provider ran for us and that no attempt knows; answers those that
   * were not written down before.
   */
  List<ListedTask> orphaned(String account, Collection<ListedTask> tasks, Instant now);
}
