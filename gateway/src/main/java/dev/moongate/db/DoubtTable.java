package dev.moongate.db;

import static dev.moongate.db.Sql.marks;

import dev.moongate.generation.Doubt;
import dev.moongate.generation.DoubtRows;
import dev.moongate.generation.Generation;
import dev.moongate.generation.State;
import dev.moongate.provider.ListedTask;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What our attempts know about the provider's tasks. */
public final class DoubtTable implements DoubtRows {
  /** Databases bound the number of parameters of a statement. */
  private static final int AT_ONCE = 500;

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
                  not_listed_at
                FROM attempt WHERE generation_id = ? AND no = ?
                """,
                row ->
                    new Doubt(
                        row.instant("intent_at"),
                        row.instant("answered_at"),
                        row.text("key_reference"),
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
  public boolean submitsUnderWay(String account, String exceptGeneration) {
    return database.read(sql ->
        sql.first(
                """
                SELECT id FROM generation
                WHERE state = 'DISPATCHING' AND account = ? AND id <> ? LIMIT 1
                """,
                row -> row.text("id"),
                account,
                exceptGeneration)
            .isPresent());
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
  public void orphaned(String account, Collection<ListedTask> tasks, Instant now) {
    database.write(sql -> {
      int added = 0;
      for (ListedTask task : tasks) {
        added +=
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
      }
      return added;
    });
  }
}
