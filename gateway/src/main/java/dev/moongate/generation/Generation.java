package dev.moongate.generation;

import dev.moongate.auth.Caller;
import dev.moongate.image.ImageRequest;
import dev.moongate.image.StoredImage;
import dev.moongate.model.Money;
import dev.moongate.policy.Admission;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One client request from admission to its end, as its row and its images say. A snapshot: the row
 * is the truth.
 *
 * @param id {@code gen_...}, ordered by time
 * @param epoch counts every change of the row; a transition names the epoch that it saw
 * @param account where it waits, or was submitted last; null if there is none
 * @param unitPrice frozen at admission
 * @param pixels of all pictures that were asked for
 * @param attempts how many submits were intended
 * @param task the provider's task id of the live attempt
 * @param dueAt when the driver must look at it next
 * @param deadlineAt after this it is not submitted any more
 * @param settledAt when the charge was booked; what the answer calls {@code created}
 * @param metadata the provider's final JSON with placeholders for links
 * @param cost what the caller was charged; null until then
 * @param failure why it ended, if not well
 */
public record Generation(
    String id,
    String organisation,
    String project,
    String keyId,
    ImageRequest request,
    State state,
    long epoch,
    Money unitPrice,
    long pixels,
    @Nullable String account,
    int attempts,
    @Nullable String task,
    @Nullable String taskKey,
    Instant createdAt,
    Instant dueAt,
    Instant deadlineAt,
    @Nullable Instant submittedAt,
    @Nullable Instant settledAt,
    @Nullable String metadata,
    @Nullable Money cost,
    @Nullable Failure failure,
    List<Picture> pictures) {

  public Generation {
    pictures = List.copyOf(pictures);
  }

  /** A request as it would be admitted. */
  static Generation asked(
      String id,
      Caller caller,
      ImageRequest request,
      Admission.Quote quote,
      String account,
      Instant now,
      Duration queueFor) {
    return new Generation(
        id,
        caller.organisation(),
        caller.project(),
        caller.keyId(),
        request,
        State.ADMITTED,
        0,
        quote.unitPrice(),
        quote.pixels(),
        account,
        0,
        null,
        null,
        now,
        now,
        now.plus(queueFor),
        null,
        null,
        null,
        null,
        null,
        List.of());
  }

  /** The same row one transition later, as far as the engine needs it. */
  Generation after(State next) {
    return after(next, account, attempts, task, taskKey);
  }

  /** The same row after the intent of a submit. */
  Generation intended(String at, String key) {
    return after(State.DISPATCHING, at, attempts + 1, null, key);
  }

  private Generation after(
      State next,
      @Nullable String at,
      int attemptNumber,
      @Nullable String newTask,
      @Nullable String key) {
    return new Generation(
        id,
        organisation,
        project,
        keyId,
        request,
        next,
        epoch + 1,
        unitPrice,
        pixels,
        at,
        attemptNumber,
        newTask,
        key,
        createdAt,
        dueAt,
        deadlineAt,
        submittedAt,
        settledAt,
        metadata,
        cost,
        failure,
        pictures);
  }

  /** What was set aside for it. */
  public Money hold() {
    return unitPrice.times(request.n());
  }

  /** The pictures that lie in the store, in the provider's order. */
  public List<StoredImage> storedImages() {
    return pictures.stream().map(Picture::stored).filter(java.util.Objects::nonNull).toList();
  }

  /**
   * One announced picture.
   *
   * @param index from 0, in the provider's order
   * @param link where the provider keeps it; null once it is stored
   */
  public record Picture(
      int index, @Nullable String link, @Nullable StoredImage stored, boolean lost) {}
}
