package dev.moongate.db;

import static dev.moongate.db.Sql.marks;

import dev.moongate.generation.Generation;
import dev.moongate.generation.GenerationRows.AttemptOutcome;
import dev.moongate.generation.KeptGenerations;
import dev.moongate.generation.State;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Generations that are looked back on, and what is taken from them in the end. */
public final class KeptTable implements KeptGenerations {
  private static final List<String> TERMINAL =
      Arrays.stream(State.values()).filter(State::terminal).map(Enum::name).toList();

  private final Database database;
  private final GenerationRow row = new GenerationRow(new RequestJson());

  public KeptTable(Database database) {
    this.database = database;
  }

  @Override
  public List<Generation> list(String organisation, String project, Query query) {
    StringBuilder text = new StringBuilder("organisation_id = ? AND project_id = ?");
    return list(text, new ArrayList<>(List.of(organisation, project)), query);
  }

  @Override
  public int count(String organisation, String project, Query query) {
    StringBuilder where = new StringBuilder("organisation_id = ? AND project_id = ?");
    List<@Nullable Object> values = new ArrayList<>(List.of(organisation, project));
    narrow(where, values, query);
    String text = "SELECT COUNT(*) AS value FROM generation WHERE deleted_at IS NULL AND " + where;
    return (int) database.read(sql -> sql.number(text, values.toArray())).longValue();
  }

  @Override
  public List<Generation> listAll(Whose whose, Query query) {
    StringBuilder text = new StringBuilder("1 = 1");
    List<@Nullable Object> values = new ArrayList<>();
    add(text, values, "project_id = ?", whose.project());
    add(text, values, "key_id = ?", whose.key());
    add(text, values, "account = ?", whose.account());
    return list(text, values, query);
  }

  private List<Generation> list(StringBuilder where, List<@Nullable Object> values, Query query) {
    narrow(where, values, query);
    values.add(query.limit());
    values.add(query.skip());
    String text =
        "SELECT * FROM generation WHERE deleted_at IS NULL AND "
            + where
            + " ORDER BY id DESC LIMIT ? OFFSET ?";
    return database.read(sql -> sql.list(text, r -> row.read(sql, r), values.toArray()));
  }

  private static void narrow(StringBuilder where, List<@Nullable Object> values, Query query) {
    add(where, values, "id < ?", query.after());
    add(where, values, "model = ?", query.model());
    add(where, values, "created_at >= ?", query.createdAfter());
    add(where, values, "created_at < ?", query.createdBefore());
    if (!query.states().isEmpty()) {
      List<String> names = query.states().stream().map(Enum::name).toList();
      add(where, values, "state IN (" + marks(names) + ")", names);
    }
  }

  @Override
  public List<Attempt> attempts(String generation) {
    return database.read(sql ->
        sql.list(
            "SELECT * FROM attempt WHERE generation_id = ? ORDER BY no",
            r ->
                new Attempt(
                    r.integer("no"),
                    r.text("account"),
                    AttemptOutcome.valueOf(r.text("outcome")),
                    r.textOrNull("task"),
                    r.textOrNull("request_id"),
                    r.textOrNull("reason"),
                    r.instant("intent_at"),
                    r.instantOrNull("answered_at")),
            generation));
  }

  private static void add(
      StringBuilder text, List<@Nullable Object> values, String condition, @Nullable Object value) {
    if (value != null) {
      text.append(" AND ").append(condition);
      values.add(value);
    }
  }

  @Override
  public Optional<Duration> pace(String model) {
    List<Long> last =
        database.read(sql ->
            sql.list(
                """
                SELECT settled_at - submitted_at AS micros FROM generation
                WHERE model = ? AND state = 'SUCCEEDED' ORDER BY created_at DESC LIMIT 20
                """,
                r -> r.number("micros"),
                model));
    return last.isEmpty()
        ? Optional.empty()
        : Optional.of(
            Duration.ofNanos(1000 * last.stream().mapToLong(Long::longValue).sum() / last.size()));
  }

  @Override
  public boolean remove(String id, Instant now) {
    return database.write(sql -> {
      int removed =
          sql.update(
              """
              UPDATE generation SET epoch = epoch + 1, deleted_at = ?, request = NULL,
                metadata = NULL, error_message = NULL
              WHERE id = ? AND deleted_at IS NULL AND state IN (%s)
              """
                  .formatted(marks(TERMINAL)),
              now,
              id,
              TERMINAL);
      if (removed == 1) {
        // What a provider says of a refusal may quote the prompt.
        sql.update("UPDATE attempt SET reason = NULL WHERE generation_id = ?", id);
        sql.update(
            """
            UPDATE image SET state = 'REMOVED', public_id = NULL, sha256 = NULL
            WHERE generation_id = ? AND state = 'STORED'
            """,
            id);
      }
      return removed == 1;
    });
  }

  @Override
  public List<String> olderThan(Instant before, int limit) {
    return database.read(sql ->
        sql.list(
            """
            SELECT id FROM generation
            WHERE deleted_at IS NULL AND created_at < ? AND state IN (%s)
            ORDER BY created_at LIMIT ?
            """
                .formatted(marks(TERMINAL)),
            r -> r.text("id"),
            before,
            TERMINAL,
            limit));
  }

  @Override
  public List<String> removedPictures(int limit) {
    return database.read(sql ->
        sql.list(
            """
            SELECT storage_key FROM image
            WHERE state = 'REMOVED' AND storage_key IS NOT NULL LIMIT ?
            """,
            r -> r.text("storage_key"),
            limit));
  }

  @Override
  public void pictureGone(String storageKey) {
    database.write(sql ->
        sql.update(
            "UPDATE image SET storage_key = NULL WHERE storage_key = ? AND state = 'REMOVED'",
            storageKey));
  }

  @Override
  public int forgetKeys(Instant now) {
    return database.write(sql -> sql.update("DELETE FROM idempotency WHERE expires_at <= ?", now));
  }
}
