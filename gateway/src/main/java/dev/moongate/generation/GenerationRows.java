package dev.moongate.generation;

import dev.moongate.error.GatewayException;
import dev.moongate.image.StoredImage;
import dev.moongate.model.Money;
import dev.moongate.policy.LedgerEntry;
import dev.moongate.provider.ListedTask;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The generation, attempt, image and ledger tables. Every write is one transaction, durable when
 * the method returns, and conditional on the state and epoch that the caller saw: it answers false
 * and changes nothing if another writer was first. Every write adds 1 to the epoch. Implemented in
 * {@code db}; methods block.
 */
public interface GenerationRows extends QueueRows {
  /**
   * The generation that a marked request means, if there is one; it counts as this request's from
   * now on.
   *
   * @throws dev.moongate.error.GatewayException {@code idempotency_key_reused} if the mark was used
   *     for another request
   */
  Optional<String> tryJoin(Generation asked, Resend resend);

  /**
   * txA: joins as {@link #tryJoin} does, or a new generation in ADMITTED, with its hold in the
   * ledger, all in one transaction.
   *
   * @param disk the most bytes that its pictures may need
   * @param room bytes of the store that are free for all that is under way
   * @throws dev.moongate.error.GatewayException {@code insufficient_storage} if there is no room
   */
  Admitted admit(Generation asked, LedgerEntry hold, Resend resend, long disk, long room);

  /** Why {@link #admit} would refuse a new generation; nothing is written. */
  Optional<GatewayException> refusal(Generation asked, long disk, long room);

  /** txB: ADMITTED to DISPATCHING, attempt {@code seen.attempts() + 1} with outcome INTENT. */
  boolean intend(Generation seen, String account, String keyReference, Instant now);

  /** txC, accepted: DISPATCHING to SUBMITTED with the task id. */
  TaskClaim accepted(
      Generation seen, String task, @Nullable String requestId, Instant now, Instant nextPoll);

  /**
   * txC, proven not accepted: DISPATCHING, UNCERTAIN or SUBMITTED back to ADMITTED, to be tried
   * again from {@code again} on.
   *
   * @param account where it waits now
   */
  boolean backToQueue(
      Generation seen,
      AttemptOutcome outcome,
      String reason,
      String account,
      Instant now,
      Instant again);

  /**
   * Lets everything of a model that waits for one account wait for another; answers how much that
   * was.
   *
   * @param from null for what waits for none
   */
  int reroute(String model, @Nullable String from, String to);

  /** txC, nobody knows: DISPATCHING to UNCERTAIN, due at once. */
  boolean doubtful(Generation seen, String reason, Instant now);

  /** UNCERTAIN to SUBMITTED: the task was found. */
  TaskClaim adopted(Generation seen, ListedTask task, Instant now);

  /**
   * In UNCERTAIN: the task was not found, or not looked for in vain; look again at {@code again}.
   */
  boolean notListed(Generation seen, Instant now, Instant again);

  /** Nothing changed but when to look again. */
  boolean postpone(Generation seen, Instant again);

  /**
   * txD: to FETCHING from DISPATCHING (synchronous) or SUBMITTED, with a picture row per link and
   * the provider's cost.
   */
  boolean announced(
      Generation seen,
      List<String> links,
      String metadata,
      @Nullable String requestId,
      List<LedgerEntry> entries,
      Instant now);

  /** In FETCHING: new links for pictures that are not stored, by index, after a fresh poll. */
  boolean relinked(Generation seen, List<String> links, Instant now);

  /**
   * In FETCHING: picture {@code index} is in the store. Needs no epoch: storing twice is harmless.
   */
  void pictureStored(String generation, int index, StoredImage image, Instant now);

  /**
   * txE and every other end: to a terminal state, with ledger entries, and pictures that were not
   * stored marked lost.
   *
   * @param attempt what becomes of the live attempt; null if there is none
   */
  boolean end(
      Generation seen,
      State terminal,
      @Nullable Failure failure,
      @Nullable Money cost,
      List<LedgerEntry> entries,
      @Nullable AttemptOutcome attempt,
      Instant now);

  /** Whatever its project; empty if it is unknown or was removed. */
  Optional<Generation> find(String id);

  /**
   * A picture by its public id, with the generation it belongs to; empty if unknown or not stored.
   */
  Optional<StoredImage> findImage(String imageId);

  /** The same, if it is of this project's. */
  Optional<StoredImage> findImage(String organisation, String project, String imageId);

  /** Accounts that a generation was tried at. */
  Set<String> triedAccounts(String generation);

  /** The attempts of a generation that ended NOT_SENT, REJECTED, DISPROVED or FAILED_UNBILLED. */
  List<Fault> faults(String generation);

  /**
   * An attempt that came to nothing.
   *
   * @param reason what was written down with its outcome; empty if nothing was
   */
  record Fault(AttemptOutcome outcome, String reason) {}

  /** Bytes of the store that are set aside for the pictures of all that has not ended. */
  long setAside();

  /** Rows left in DISPATCHING by a process that died. */
  List<Generation> leftDispatching();

  /**
   * Ids of what was admitted before a moment and waits, is being submitted, is in doubt or runs,
   * oldest first.
   */
  List<String> openBeforePictures(Instant admittedBefore);

  /** How many generations that have not ended belong to accounts other than these. */
  int strayed(Collection<String> accounts);

  /**
   * What of accounts other than these is past its time, oldest first: what waits and has a deadline
   * before {@code now}, and what was begun before {@code begunBefore}.
   */
  List<Generation> strays(Collection<String> accounts, Instant now, Instant begunBefore, int limit);

  /**
   * When each of the account's newest submits was answered, newest first; intents without an answer
   * count as {@code unanswered}.
   */
  List<Instant> lastAnswers(String account, int count, Instant unanswered);

  /** What became of writing down which task a generation is. */
  enum TaskClaim {
    WRITTEN,
    /** The row is not as seen any more; nothing changed. */
    MOVED_ON,
    /** The task is another attempt's, and no two share one; nothing changed. */
    TAKEN
  }

  /** What became of an attempt. */
  enum AttemptOutcome {
    INTENT,
    NOT_SENT,
    REJECTED,
    THROTTLED,
    ACCEPTED,
    SUCCEEDED,
    FAILED_UNBILLED,
    AMBIGUOUS,
    DISPROVED,
    CANCELLED
  }
}
