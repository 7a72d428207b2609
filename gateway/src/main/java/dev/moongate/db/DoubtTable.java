package dev.moongate.db;

import static dev.moongate.db.Sql.marks;

import dev.moongate.generation.Doubt;
import dev.moongate.generation.DoubtRows;
import dev.moongate.generation.Generation;
import dev.moongate.generation.Rival;
import dev.moongate.generation.State;
import dev.moongate.provider.ListedTask;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What our attempts know about the provider's tasks. */
public final class DoubtTable implements DoubtRows {
  /** Databases bound the number of parameters of a statement. */
  private static final int AT_ONCE = 500;

  /** How long a provider lists a task. */
  private static final Duration LISTED_FOR = Duration.ofHours(24);

  private final Database database;

  public DoubtTable(Database database) {
    this.database = database;
  }

  @Override
  public Doubt doubt(Generation seen) {
    return database.read(sql ->
        sql.first(
                """
                SELECT intent_at, COALESCE(answered_at, intent_at) AS answered_at, key_reference,
                  COALESCE(reason, '') AS reason, not_listed_at
                FROM attempt WHERE generation_id = ? AND no = ?
                """,
                row ->
                    new Doubt(
                        row.instant("intent_at"),
                        row.instant("answered_at"),
                        row.text("key_reference"),
                        row.text("reason"),
                        row.instantOrNull("not_listed_at")),
                seen.id(),
                seen.attempts())
            .orElseThrow());
  }

  @Override
  public List<OpenSubmit> open(String account) {
    return database.read(sql ->
        sql.list(
            """
            SELECT id, state, task_key FROM generation
            WHERE state IN ('DISPATCHING', 'UNCERTAIN') AND account = ?
            """,
            row ->
                new OpenSubmit(
                    row.text("id"), State.valueOf(row.text("state")), row.text("task_key")),
            account));
  }

  @Override
  public Map<String, String> known(String account, Collection<String> tasks) {
    Map<String, String> known = new HashMap<>();
    List<String> all = new ArrayList<>(tasks);
    for (int from = 0; from < all.size(); from += AT_ONCE) {
      List<String> some = all.subList(from, Math.min(all.size(), from + AT_ONCE));
      database.read(sql ->
          sql.list(
              "SELECT task, key_reference FROM attempt WHERE account = ? AND task IN (%s)"
                  .formatted(marks(some)),
              row -> known.put(row.text("task"), row.text("key_reference")) == null,
              account,
              some));
    }
    return known;
  }

  @Override
  public List<Rival> rivals(String account, String exceptGeneration, Instant since) {
    return database.read(sql -> {
      // In this order: what ends as unknown in between is seen twice rather than not at all.
      List<Rival> rivals =
          new ArrayList<>(
              sql.list(
                  """
                  SELECT g.state, a.key_reference,
                    COALESCE(a.answered_at, a.intent_at) AS answered_at
                  FROM generation g JOIN attempt a ON a.generation_id = g.id AND a.no = g.attempts
                  WHERE g.state IN ('DISPATCHING', 'UNCERTAIN') AND g.account = ? AND g.id <> ?
                  """,
                  DoubtTable::rival,
                  account,
                  exceptGeneration));
      rivals.addAll(
          sql.list(
              """
              SELECT g.state, a.key_reference, a.answered_at
              FROM attempt a JOIN generation g ON g.id = a.generation_id
              WHERE a.account = ? AND a.answered_at >= ? AND a.outcome = 'AMBIGUOUS'
                AND a.task IS NULL AND g.state = 'UNRESOLVED' AND g.id <> ?
              """,
              DoubtTable::rival,
              account,
              since,
              exceptGeneration));
      return rivals;
    });
  }

  private static Rival rival(Row row) throws SQLException {
    return new Rival(
        row.text("key_reference"), State.valueOf(row.text("state")), row.instant("answered_at"));
  }

  @Override
  public Map<String, String> learnt(String account) {
    Map<String, String> learnt = new HashMap<>();
    database.read(sql ->
        sql.list(
            "SELECT key_reference, api_key_id FROM provider_key WHERE account = ?",
            row -> learnt.put(row.text("key_reference"), row.text("api_key_id")) == null,
            account));
    return learnt;
  }

  @Override
  public void learn(String account, String keyReference, String apiKeyId) {
    database.write(sql ->
        sql.update(
            """
            INSERT INTO provider_key (account, key_reference, api_key_id) VALUES (?, ?, ?)
            ON CONFLICT (account, key_reference) DO UPDATE SET api_key_id = excluded.api_key_id
            """,
            account,
            keyReference,
            apiKeyId));
  }

  @Override
  public Set<String> orphansSeenBefore(String account, Instant moment) {
    return Set.copyOf(
        database.read(sql ->
            sql.list(
                "SELECT task FROM orphan_task WHERE account = ? AND seen_at < ? AND seen_at >= ?",
                row -> row.text("task"),
                account,
                moment,
                moment.minus(LISTED_FOR))));
  }

  @Override
  public List<ListedTask> orphaned(String account, Collection<ListedTask> tasks, Instant now) {
    return database.write(sql -> {
      List<ListedTask> added = new ArrayList<>();
      for (ListedTask task : tasks) {
        int rows =
            sql.update(
                """
                INSERT INTO orphan_task (account, task, api_key_id, model, created_at, seen_at)
                VALUES (?, ?, ?, ?, ?, ?)
                ON CONFLICT (account, task) DO NOTHING
                """,
                account,
                task.taskId(),
                task.apiKeyId(),
                task.model(),
                task.created(),
                now);
        if (rows == 1) {
          added.add(task);
        }
      }
      return added;
    });
  }
}
