package dev.moongate.db;

import static dev.moongate.db.Attempts.answer;
import static dev.moongate.db.Transitions.book;
import static dev.moongate.db.Transitions.move;
import static dev.moongate.db.Transitions.require;
import static dev.moongate.generation.State.ADMITTED;
import static dev.moongate.generation.State.DISPATCHING;
import static dev.moongate.generation.State.FETCHING;
import static dev.moongate.generation.State.SUBMITTED;
import static dev.moongate.generation.State.UNCERTAIN;

import dev.moongate.error.GatewayException;
import dev.moongate.generation.Admitted;
import dev.moongate.generation.Failure;
import dev.moongate.generation.Generation;
import dev.moongate.generation.Resend;
import dev.moongate.generation.State;
import dev.moongate.image.StoredImage;
import dev.moongate.model.Money;
import dev.moongate.policy.LedgerEntry;
import dev.moongate.provider.ListedTask;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Generations with their attempts, pictures and ledger lines: each change one transaction, in which
 * the row must still be in the state and epoch that the caller saw.
 *
 * <p>A transition from a state that has no such transition is our own mistake and throws.
 */
public final class GenerationTable extends GenerationReads {
  private final Database database;
  private final Admissions admissions;

  public GenerationTable(Database database) {
    this(database, new RequestJson());
  }

  private GenerationTable(Database database, RequestJson requests) {
    super(database, requests);
    this.database = database;
    this.admissions = new Admissions(requests);
  }

  @Override
  public Optional<String> tryJoin(Generation asked, Resend resend) {
    return database.write(sql -> admissions.tryJoin(sql, asked, resend));
  }

  @Override
  public Admitted admit(Generation asked, LedgerEntry hold, Resend resend, long disk, long room) {
    require(asked, ADMITTED);
    return database.write(sql -> admissions.admit(sql, asked, hold, resend, disk, room));
  }

  @Override
  public Optional<GatewayException> refusal(Generation asked, long disk, long room) {
    return database.read(sql -> admissions.refusal(sql, asked, disk, room));
  }

  @Override
  public boolean intend(Generation seen, String account, String keyReference, Instant now) {
    require(seen, ADMITTED);
    return database.write(sql -> {
      boolean first =
          move(
              sql,
              seen,
              """
              state = 'DISPATCHING', attempts = attempts + 1, account = ?, task_key = ?,
              task = NULL
              """,
              account,
              keyReference);
      if (first) {
        Attempts.intend(sql, seen, account, keyReference, now);
      }
      return first;
    });
  }

  @Override
  public TaskClaim accepted(
      Generation seen, String task, @Nullable String requestId, Instant now, Instant nextPoll) {
    require(seen, DISPATCHING);
    return database.write(sql -> {
      if (Attempts.taken(sql, seen, task)) {
        return TaskClaim.TAKEN;
      }
      boolean first =
          move(
              sql,
              seen,
              "state = 'SUBMITTED', task = ?, submitted_at = ?, due_at = ?",
              task,
              now,
              nextPoll);
      if (first) {
        Attempts.accept(sql, seen, task, requestId, now);
      }
      return first ? TaskClaim.WRITTEN : TaskClaim.MOVED_ON;
    });
  }

  @Override
  public boolean backToQueue(
      Generation seen,
      AttemptOutcome outcome,
      String reason,
      String account,
      Instant now,
      Instant again) {
    require(seen, DISPATCHING, UNCERTAIN, SUBMITTED);
    return database.write(sql -> {
      boolean first =
          move(
              sql,
              seen,
              "state = 'ADMITTED', task = NULL, task_key = NULL, submitted_at = NULL,"
                  + " account = ?, due_at = ?",
              account,
              again);
      if (first) {
        answer(sql, seen, outcome, null, reason, now);
      }
      return first;
    });
  }

  @Override
  public int reroute(String model, @Nullable String from, String to) {
    // No transition of a state: only where it waits.
    return database.write(sql ->
        sql.update(
            """
            UPDATE generation SET epoch = epoch + 1, account = ?
            WHERE state = 'ADMITTED' AND model = ? AND COALESCE(account, '') = ?
            """,
            to,
            model,
            from == null ? "" : from));
  }

  @Override
  public boolean doubtful(Generation seen, String reason, Instant now) {
    require(seen, DISPATCHING);
    return database.write(sql -> {
      boolean first = move(sql, seen, "state = 'UNCERTAIN', due_at = ?", now);
      if (first) {
        answer(sql, seen, AttemptOutcome.AMBIGUOUS, null, reason, now);
      }
      return first;
    });
  }

  @Override
  public TaskClaim adopted(Generation seen, ListedTask task, Instant now) {
    require(seen, UNCERTAIN);
    return database.write(sql -> {
      if (Attempts.taken(sql, seen, task.taskId())) {
        return TaskClaim.TAKEN;
      }
      boolean first =
          move(
              sql,
              seen,
              "state = 'SUBMITTED', task = ?, submitted_at = ?, due_at = ?",
              task.taskId(),
              now,
              now);
      if (first) {
        Attempts.adopt(sql, seen, task);
      }
      return first ? TaskClaim.WRITTEN : TaskClaim.MOVED_ON;
    });
  }

  @Override
  public boolean notListed(Generation seen, Instant now, Instant again) {
    require(seen, UNCERTAIN);
    return database.write(sql -> {
      boolean first = move(sql, seen, "due_at = ?", again);
      if (first) {
        Attempts.notListed(sql, seen, now);
      }
      return first;
    });
  }

  @Override
  public boolean postpone(Generation seen, Instant again) {
    return database.write(sql -> move(sql, seen, "due_at = ?", again));
  }

  @Override
  public boolean announced(
      Generation seen,
      List<String> links,
      String metadata,
      @Nullable String requestId,
      List<LedgerEntry> entries,
      Instant now) {
    require(seen, DISPATCHING, SUBMITTED);
    return database.write(sql -> {
      boolean first =
          move(
              sql,
              seen,
              """
              state = 'FETCHING', metadata = ?, due_at = ?,
              submitted_at = COALESCE(submitted_at, ?)
              """,
              metadata,
              now,
              now);
      if (first) {
        PictureRows.announce(sql, seen.id(), links);
        answer(sql, seen, AttemptOutcome.SUCCEEDED, requestId, null, now);
        book(sql, seen.id(), entries, now);
      }
      return first;
    });
  }

  @Override
  public boolean relinked(Generation seen, List<String> links, Instant now) {
    require(seen, FETCHING);
    return database.write(sql -> {
      boolean first = move(sql, seen, "due_at = ?", now);
      if (first) {
        PictureRows.relink(sql, seen.id(), links);
      }
      return first;
    });
  }

  /** Leaves the epoch alone, so that pictures of one generation may be stored side by side. */
  @Override
  public void pictureStored(String generation, int index, StoredImage image, Instant now) {
    database.write(sql -> PictureRows.store(sql, generation, index, image, now));
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
    if (seen.state().terminal() || !terminal.terminal()) {
      throw new IllegalArgumentException(seen.state() + " cannot end as " + terminal);
    }
    return database.write(sql -> {
      boolean first =
          move(
              sql,
              seen,
              """
              state = ?, settled_at = ?, cost = ?, error_code = ?, error_message = ?,
              error_param = ?
              """,
              terminal,
              now,
              cost == null ? null : cost.micros(),
              failure == null ? null : failure.code(),
              failure == null ? null : failure.message(),
              failure == null ? null : failure.param());
      if (first) {
        int lost = PictureRows.lose(sql, seen.id());
        if (lost > 0 && terminal == State.SUCCEEDED) {
          throw new IllegalStateException(
              seen.id() + " cannot succeed without " + lost + " pictures");
        }
        if (attempt != null) {
          answer(sql, seen, attempt, null, failure == null ? null : failure.message(), now);
        }
        book(sql, seen.id(), entries, now);
        Spendings.settle(sql, seen, cost);
        WebhookTable.announce(sql, seen, now);
      }
      return first;
    });
  }
}
