package dev.moongate.provider;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One account at one provider, as something to talk to. Calls block their (virtual) thread, are
 * safe from many threads at once, and answer with an outcome instead of throwing for whatever the
 * network or the provider does.
 */
public interface ImageProvider extends AutoCloseable {
  /** How a submit works here. */
  enum Mode {
    /** The submit answers a task id, to be polled. */
    ASYNC(Duration.ofSeconds(20)),
    /** The submit answers with the pictures. */
    SYNC(Duration.ofMinutes(5));

    private final Duration submitTimeout;

    Mode(Duration submitTimeout) {
      this.submitTimeout = submitTimeout;
    }

    /** How long an answer is waited for unless the account says otherwise. */
    public Duration submitTimeout() {
      return submitTimeout;
    }
  }

  Mode mode();

  /**
   * Sends a request once, if {@link Submission#maySend} still allows it when the connection is
   * there. Nothing below this ever sends it a second time.
   */
  ProviderOutcome.OfSubmit submit(Submission submission);

  /** Asks how a task is doing. */
  ProviderOutcome.OfPoll poll(String taskId, ApiKey key);

  /** Asks the provider to drop a task that has not begun; true if it says it did. */
  boolean tryCancel(String taskId, ApiKey key);

  /**
   * The tasks that the provider ran for the account within its last 24 hours, whichever key made
   * them.
   *
   * @param since tasks that are older may be left out; null for all
   * @param pace asked before each page of the list
   */
  TaskListing tasks(@Nullable Instant since, ApiKey key, Pace pace);

  /** Method and URL of a submit, for dry runs. */
  String address();

  /**
   * The request body as it would be sent, with input pictures shortened: for dry runs and tests.
   */
  String preview(Submission submission);

  @Override
  void close();
}
