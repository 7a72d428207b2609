package dev.moongate.db;

import static dev.moongate.db.Sql.marks;

import dev.moongate.generation.Generation;
import dev.moongate.generation.QueueRows;
import dev.moongate.routing.Flow;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The questions to the generation table about what waits, runs and comes due. States stand in the
 * SQL as literals, so that each question meets its partial index; {@code V1__init.sql} has one per
 * question.
 */
abstract class QueueReads implements QueueRows {
  private final Database database;
  private final GenerationRow row;

  QueueReads(Database database, RequestJson requests) {
    this.database = database;
    this.row = new GenerationRow(requests);
  }

  @Override
  public final List<Generation> due(String account, Instant now, Set<String> except, int limit) {
    return all(
        """
        SELECT * FROM generation
        WHERE state IN ('SUBMITTED', 'FETCHING', 'UNCERTAIN') AND account = ? AND due_at <= ?
          AND id NOT IN (%s)
        ORDER BY due_at, id LIMIT ?
        """
            .formatted(excluded(except)),
        account,
        now,
        except,
        limit);
  }

  @Override
  public final Optional<Instant> nextDue(String account, Set<String> except) {
    return moment(
        """
        SELECT due_at FROM generation
        WHERE state IN ('SUBMITTED', 'FETCHING', 'UNCERTAIN') AND account = ? AND id NOT IN (%s)
        ORDER BY due_at LIMIT 1
        """
            .formatted(excluded(except)),
        account,
        except);
  }

  @Override
  public final List<Flow> flows(String account, Instant now, Set<String> except) {
    // Grouped before it is joined, so that a long queue is read from its index alone.
    String query =
        """
        SELECT w.project_id, p.weight AS project_weight, w.key_id, k.weight AS key_weight,
          w.waiting, w.pictures
        FROM (
          SELECT project_id, key_id, COUNT(*) AS waiting, SUM(n) AS pictures FROM generation
          WHERE state = 'ADMITTED' AND account = ? AND due_at <= ? AND id NOT IN (%s)
          GROUP BY project_id, key_id) w
        JOIN project p ON p.id = w.project_id JOIN api_key k ON k.id = w.key_id
        ORDER BY w.project_id, w.key_id
        """
            .formatted(excluded(except));
    return database.read(sql ->
        sql.list(
            query,
            r ->
                new Flow(
                    r.text("project_id"),
                    r.integer("project_weight"),
                    r.text("key_id"),
                    r.integer("key_weight"),
                    r.integer("waiting"),
                    r.number("pictures")),
            account,
            now,
            except));
  }

  @Override
  public final Optional<Generation> nextQueued(
      String account, Flow flow, Instant now, Set<String> except) {
    return first(
        """
        SELECT * FROM generation
        WHERE state = 'ADMITTED' AND account = ? AND project_id = ? AND key_id = ? AND due_at <= ?
          AND id NOT IN (%s)
        ORDER BY created_at, id LIMIT 1
        """
            .formatted(excluded(except)),
        account,
        flow.project(),
        flow.key(),
        now,
        except);
  }

  @Override
  public final Optional<Instant> nextQueuedAt(String account, Set<String> except) {
    return moment(
        """
        SELECT due_at FROM generation
        WHERE state = 'ADMITTED' AND account = ? AND id NOT IN (%s)
        ORDER BY due_at LIMIT 1
        """
            .formatted(excluded(except)),
        account,
        except);
  }

  @Override
  public final List<Generation> expired(
      String account, Instant now, Set<String> except, int limit) {
    return all(
        """
        SELECT * FROM generation
        WHERE state = 'ADMITTED' AND account = ? AND deadline_at <= ? AND id NOT IN (%s)
        ORDER BY deadline_at, id LIMIT ?
        """
            .formatted(excluded(except)),
        account,
        now,
        except,
        limit);
  }

  @Override
  public final int running(String account, Set<String> except) {
    return count(
        """
        SELECT COUNT(*) AS value FROM generation
        WHERE state IN ('DISPATCHING', 'SUBMITTED', 'UNCERTAIN') AND account = ? AND id NOT IN (%s)
        """
            .formatted(excluded(except)),
        account,
        except);
  }

  @Override
  public final int ahead(Generation generation) {
    return count(
        """
        SELECT COUNT(*) AS value FROM generation
        WHERE state = 'ADMITTED' AND account = ? AND project_id = ? AND key_id = ?
          AND (created_at, id) < (?, ?)
        """,
        generation.account(),
        generation.project(),
        generation.keyId(),
        generation.createdAt(),
        generation.id());
  }

  @Override
  public final List<Generation> allQueued(String account, int limit) {
    return all(
        """
        SELECT * FROM generation
        WHERE state = 'ADMITTED' AND account = ? ORDER BY created_at, id LIMIT ?
        """,
        account,
        limit);
  }

  @Override
  public final Set<String> waitingAt(String model) {
    return Set.copyOf(
        database.read(sql ->
            sql.list(
                """
                SELECT DISTINCT COALESCE(account, '') AS account FROM generation
                WHERE state = 'ADMITTED' AND model = ?
                """,
                r -> r.text("account"),
                model)));
  }

  /** In an empty NOT IN a NULL would exclude everything; no id is the empty text. */
  private static String excluded(Set<String> except) {
    return except.isEmpty() ? "''" : marks(except);
  }

  final Optional<Generation> first(String query, @Nullable Object... parameters) {
    return database.read(sql -> sql.first(query, r -> row.read(sql, r), parameters));
  }

  final List<Generation> all(String query, @Nullable Object... parameters) {
    return database.read(sql -> sql.list(query, r -> row.read(sql, r), parameters));
  }

  private Optional<Instant> moment(String query, @Nullable Object... parameters) {
    return database.read(sql -> sql.first(query, r -> r.instant("due_at"), parameters));
  }

  final int count(String query, @Nullable Object... parameters) {
    return database.read(sql -> Math.toIntExact(sql.number(query, parameters)));
  }
}
