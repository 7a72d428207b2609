package dev.moongate.metrics;

import dev.moongate.generation.Admitted;
import dev.moongate.generation.Failure;
import dev.moongate.generation.Generation;
import dev.moongate.generation.GenerationRows;
import dev.moongate.generation.Resend;
import dev.moongate.generation.State;
import dev.moongate.image.StoredImage;
import dev.moongate.model.Money;
import dev.moongate.policy.LedgerEntry;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Counts what becomes of generations, as soon as it is written. */
public final class MeteredRows extends ForwardingRows {
  private final Meters meters;

  public MeteredRows(GenerationRows rows, Meters meters) {
    super(rows);
    this.meters = meters;
  }

  @Override
  public Admitted admit(Generation asked, LedgerEntry hold, Resend resend, long disk, long room) {
    Admitted admitted = rows.admit(asked, hold, resend, disk, room);
    if (!admitted.joined()) {
      meters.entered(asked, State.ADMITTED);
      meters.booked(List.of(hold));
    }
    return admitted;
  }

  @Override
  public TaskClaim accepted(
      Generation seen, String task, @Nullable String requestId, Instant now, Instant nextPoll) {
    TaskClaim claim = rows.accepted(seen, task, requestId, now, nextPoll);
    submitted(claim == TaskClaim.WRITTEN, seen, AttemptOutcome.ACCEPTED);
    return claim;
  }

  @Override
  public boolean backToQueue(
      Generation seen,
      AttemptOutcome outcome,
      String reason,
      String account,
      Instant now,
      Instant again) {
    return submitted(rows.backToQueue(seen, outcome, reason, account, now, again), seen, outcome);
  }

  @Override
  public boolean doubtful(Generation seen, String reason, Instant now) {
    return submitted(rows.doubtful(seen, reason, now), seen, AttemptOutcome.AMBIGUOUS);
  }

  @Override
  public boolean announced(
      Generation seen,
      List<String> links,
      String metadata,
      @Nullable String requestId,
      List<LedgerEntry> entries,
      Instant now) {
    boolean first = rows.announced(seen, links, metadata, requestId, entries, now);
    if (first) {
      meters.booked(entries);
    }
    return submitted(first, seen, AttemptOutcome.SUCCEEDED);
  }

  @Override
  public void pictureStored(String generation, int index, StoredImage image, Instant now) {
    rows.pictureStored(generation, index, image, now);
    meters.stored(image);
  }

  @Override
  public boolean end(
      Generation seen,
      State terminal,
      @Nullable Failure failure,
      @Nullable Money cost,
      List<LedgerEntry> entries,
      @Nullable AttemptOutcome attempt,
      Instant now) {
    boolean first = rows.end(seen, terminal, failure, cost, entries, attempt, now);
    if (first) {
      meters.entered(seen, terminal);
      meters.booked(entries);
    }
    return submitted(first, seen, attempt);
  }

  /** Counts the outcome of a submit if it is one; of a poll it is none. */
  private boolean submitted(boolean first, Generation seen, @Nullable AttemptOutcome outcome) {
    String account = seen.account();
    if (first && seen.state() == State.DISPATCHING && account != null && outcome != null) {
      meters.submitted(account, outcome);
    }
    return first;
  }
}
