package dev.moongate.provider;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a provider did, as a value that the compiler makes us handle. A submit answers a {@link
 * OfSubmit}, a poll a {@link OfPoll}; neither throws for anything the network or the provider does.
 */
public sealed interface ProviderOutcome {
  /** What may come of a submit. */
  sealed interface OfSubmit extends ProviderOutcome {}

  /** What may come of a poll. */
  sealed interface OfPoll extends ProviderOutcome {}

  /**
   * Proven: the provider never had the whole request (no connection, or it broke before the last
   * byte).
   */
  record NotSent(String reason) implements OfSubmit {}

  /**
   * The request cannot be put into words, for want of an input picture, say: the provider was not
   * asked, and would not be the next time.
   */
  record Unwritable(String reason) implements OfSubmit {}

  /** The provider had it and said no; nothing was billed. */
  record Rejected(Refusal refusal, @Nullable String requestId) implements OfSubmit {}

  /** The provider runs it under this task id. */
  record Accepted(String taskId, @Nullable String requestId) implements OfSubmit {}

  /** All bytes left and no answer can be made sense of: it may run and cost. Never sent again. */
  record Ambiguous(String reason) implements OfSubmit {}

  /** Still waiting or working. */
  record Running(String status) implements OfPoll {}

  /** The task ended without pictures; nothing was billed. */
  record Failed(Refusal refusal, @Nullable String requestId) implements OfPoll {}

  /** The provider does not know the task, at least not now. */
  record Unknown() implements OfPoll {}

  /** The question itself failed; ask again. */
  record Unanswered(String reason, @Nullable Duration retryAfter) implements OfPoll {}

  /**
   * It made pictures; also the whole of a synchronous submit.
   *
   * @param links where the pictures lie, flattened over choices and content, in order
   * @param metadata the provider's final JSON, every member kept, each picture's link replaced by
   *     {@link #placeholder}
   * @param imageCount what the provider says it bills; null if it does not say, or says nonsense
   */
  record Succeeded(
      List<String> links, String metadata, @Nullable Integer imageCount, @Nullable String requestId)
      implements OfSubmit, OfPoll {
    public Succeeded {
      links = List.copyOf(links);
    }

    /** Whether it gave no picture without saying that it bills none. */
    public boolean owesPictures() {
      return links.isEmpty() && (imageCount == null || imageCount > 0);
    }

    /** What stands in {@link #metadata} in place of the link of picture {@code index}, from 0. */
    public static String placeholder(int index) {
      return "moongate:image/" + index;
    }
  }
}
