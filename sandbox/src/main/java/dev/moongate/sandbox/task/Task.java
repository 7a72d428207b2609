package dev.moongate.sandbox.task;

import dev.moongate.sandbox.ask.Ask;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One accepted request and where it stands; immutable, replaced as a whole. A synchronous call is a
 * task too, only one that no task call shows.
 */
public record Task(
    String id,
    String requestId,
    String apiKeyId,
    boolean sync,
    Ask ask,
    int pictures,
    Status status,
    Instant submitted,
    Instant starts,
    Instant due,
    @Nullable Instant scheduled,
    @Nullable Instant ended) {

  /** How long the vendor keeps a task and its pictures (wan2.7 reference, 2026-03). */
  public static final Duration KEPT = Duration.ofHours(24);

  Task running(Instant now) {
    return with(Status.RUNNING, now, null);
  }

  Task ended(Status as, Instant now) {
    return with(as, scheduled, now);
  }

  private Task with(Status as, @Nullable Instant scheduledAt, @Nullable Instant endedAt) {
    return new Task(
        id,
        requestId,
        apiKeyId,
        sync,
        ask,
        pictures,
        as,
        submitted,
        starts,
        due,
        scheduledAt,
        endedAt);
  }

  /** The file name of a picture, counted from 0. */
  public String pictureName(int index) {
    return id + "-" + index + ".png";
  }

  public Instant linksExpire() {
    return (ended == null ? due : ended).plus(KEPT);
  }

  boolean purged(Instant now) {
    return ended != null && !now.isBefore(ended.plus(KEPT));
  }
}
