package dev.moongate.routing;

import dev.moongate.provider.ApiKey;
import dev.moongate.provider.ImageProvider;
import dev.moongate.provider.TaskListing;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The way into one account: its window, its health and its keys together. Safe for several threads.
 */
public final class AccountLane {
  private static final int UNLIMITED = 1000;

  private final Account account;
  private final SubmitWindow submits;
  private final SubmitWindow polls;
  private final AccountHealth health = new AccountHealth();
  private final KeyRing keys;
  private final FairQueue queue = new FairQueue();

  /**
   * @param answers when the account's last submits were answered, from the rows of an earlier
   *     process
   */
  public AccountLane(Account account, List<Instant> answers) {
    this.account = account;
    this.submits = new SubmitWindow(account.limits().submitsPerSecond(), answers);
    this.polls = new SubmitWindow(account.limits().pollsPerSecond(), List.of());
    this.keys = new KeyRing(account.keys(), account.api().mode() == ImageProvider.Mode.ASYNC);
  }

  public Account account() {
    return account;
  }

  public AccountHealth health() {
    return health;
  }

  /** Whose turn it is among those that wait for the account. */
  public FairQueue queue() {
    return queue;
  }

  /** How many generations may run at once. */
  public int places() {
    Integer most = account.limits().running();
    return most == null ? UNLIMITED : most;
  }

  public SubmitWindow polls() {
    return polls;
  }

  /** The credential a task was made with. */
  public ApiKey keyOf(@Nullable String reference) {
    return keys.forReference(reference == null ? "" : reference);
  }

  /**
   * As {@link ImageProvider#tasks}; each page of the list waits for a place among the polls, and is
   * one.
   */
  public TaskListing tasks(@Nullable Instant since, ApiKey key, InstantSource clock) {
    return account.api().tasks(since, key, new PollPace(polls, clock));
  }

  /** Whether the account still has the credential that a task was made with. */
  public boolean has(String keyReference) {
    return keys.has(keyReference);
  }

  /**
   * Keeps a credential from use while nobody knows what became of a generation's submit with it:
   * what the provider's list then shows can only be that one.
   */
  public void hold(String keyReference, String generation) {
    keys.hold(keyReference, generation);
  }

  /** It is known what became of the generation's submit. */
  public void release(String generation) {
    keys.release(generation);
  }

  /** The generations that keep a credential from use. */
  public Set<String> holders() {
    return keys.holders();
  }

  /**
   * The right to send one submit now, if {@code running} more do not already fill the account.
   *
   * @return empty if it has to wait; ask again when something was answered or {@link #opensAt} has
   *     come
   */
  public Optional<Permit> tryEnter(Instant now, int running) {
    Integer most = account.limits().running();
    if ((most != null && running >= most) || !submits.open(now)) {
      return Optional.empty();
    }
    Optional<ApiKey> key = keys.tryTake();
    if (key.isEmpty()) {
      return Optional.empty();
    }
    Optional<AccountHealth.Pass> pass = health.tryPass(now);
    if (pass.isEmpty()) {
      keys.giveBack(key.orElseThrow());
      return Optional.empty();
    }
    return Optional.of(
        new Permit(key.orElseThrow(), submits.tryBegin(now).orElseThrow(), pass.orElseThrow()));
  }

  /**
   * The earliest moment at which {@link #tryEnter} may succeed without an answer coming in before.
   */
  public Optional<Instant> opensAt() {
    return submits
        .opensAt()
        .map(opens -> opens.isAfter(health.opensAt()) ? opens : health.opensAt());
  }

  /** One submit's place in the window and its key; {@link #close} once the outcome is on disk. */
  public final class Permit implements AutoCloseable {
    private final ApiKey key;
    private final SubmitWindow.Slot slot;
    private final AccountHealth.Pass pass;

    private Permit(ApiKey key, SubmitWindow.Slot slot, AccountHealth.Pass pass) {
      this.key = key;
      this.slot = slot;
      this.pass = pass;
    }

    public ApiKey key() {
      return key;
    }

    /** The provider's answer is here, or will never be. */
    public void answered(Instant now) {
      slot.answered(now);
    }

    /** The provider refused the submit because of the account. */
    public AccountHealth.Verdict ill(Instant now) {
      return health.ill(pass, now);
    }

    @Override
    public void close() {
      keys.giveBack(key);
      health.over(pass);
    }
  }
}
