package dev.moongate.db;

import static dev.moongate.db.Sql.marks;

import dev.moongate.generation.Generation;
import dev.moongate.generation.GenerationRows;
import dev.moongate.image.StoredImage;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The questions to the generation tables. States stand in the SQL as literals, so that each
 * question meets its partial index; {@code V1__init.sql} has one per question.
 */
abstract class GenerationReads implements GenerationRows {
  private final Database database;
  private final GenerationRow row;

  GenerationReads(Database database, RequestJson requests) {
    this.database = database;
    this.row = new GenerationRow(requests);
  }

  @Override
  public final Optional<Generation> find(String id) {
    return first("SELECT * FROM generation WHERE id = ? AND deleted_at IS NULL", id);
  }

  @Override
  public final Optional<StoredImage> findImage(String imageId) {
    return database.read(sql ->
        sql.first(
            "SELECT * FROM image WHERE public_id = ? AND state = 'STORED'",
            GenerationRow::storedImage,
            imageId));
  }

  @Override
  public final List<Generation> due(String account, Instant now, Set<String> except, int limit) {
    String query =
        """
        SELECT * FROM generation
        WHERE state IN ('SUBMITTED', 'FETCHING', 'UNCERTAIN') AND account = ? AND due_at <= ?
          AND id NOT IN (%s)
        ORDER BY due_at, id LIMIT ?
        """
            .formatted(excluded(except));
    return database.read(
        sql -> sql.list(query, r -> row.read(sql, r), account, now, except, limit));
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
  public final Optional<Generation> nextQueued(
      List<String> models, Instant now, Set<String> except) {
    // The + 0 keeps the planner on the queue's index: nearly every row is due, and in the other
    // index it would fetch and sort them all to find the oldest.
    return first(
        """
        SELECT * FROM generation
        WHERE state = 'ADMITTED' AND model IN (%s) AND due_at + 0 <= ? AND id NOT IN (%s)
        ORDER BY created_at, id LIMIT 1
        """
            .formatted(marks(models), excluded(except)),
        models,
        now,
        except);
  }

  @Override
  public final Optional<Instant> nextQueuedAt(List<String> models, Set<String> except) {
    return moment(
        """
        SELECT due_at FROM generation
        WHERE state = 'ADMITTED' AND model IN (%s) AND id NOT IN (%s)
        ORDER BY due_at LIMIT 1
        """
            .formatted(marks(models), excluded(except)),
        models,
        except);
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
  public final int ahead(Generation generation, List<String> models) {
    return count(
        """
        SELECT COUNT(*) AS value FROM generation
        WHERE state = 'ADMITTED' AND (created_at, id) < (?, ?) AND model IN (%s)
        """
            .formatted(marks(models)),
        generation.createdAt(),
        generation.id(),
        models);
  }

  @Override
  public final int queued(List<String> models) {
    return count(
        """
        SELECT COUNT(*) AS value FROM generation
        WHERE state = 'ADMITTED' AND model IN (%s)
        """
            .formatted(marks(models)),
        models);
  }

  @Override
  public final int faults(String generation) {
    return count(
        """
        SELECT COUNT(*) AS value FROM attempt
        WHERE generation_id = ? AND outcome IN ('NOT_SENT', 'REJECTED', 'DISPROVED', 'FAILED_UNBILLED')
        """,
        generation);
  }

  @Override
  public final List<Generation> allQueued(List<String> models, int limit) {
    String query =
        """
        SELECT * FROM generation
        WHERE state = 'ADMITTED' AND model IN (%s)
        ORDER BY created_at, id LIMIT ?
        """
            .formatted(marks(models));
    return database.read(sql -> sql.list(query, r -> row.read(sql, r), models, limit));
  }

  @Override
  public final long setAside() {
    return database.read(Admissions::setAside);
  }

  @Override
  public final List<Generation> leftDispatching() {
    return database.read(sql ->
        sql.list(
            "SELECT * FROM generation WHERE state = 'DISPATCHING' ORDER BY created_at, id",
            r -> row.read(sql, r)));
  }

  @Override
  public final List<String> openBeforePictures(Instant admittedBefore) {
    return database.read(sql ->
        sql.list(
            """
            SELECT id FROM generation
            WHERE state IN ('ADMITTED', 'DISPATCHING', 'UNCERTAIN', 'SUBMITTED') AND created_at < ?
            ORDER BY created_at, id
            """,
            r -> r.text("id"),
            admittedBefore));
  }

  @Override
  public final int strayed(Collection<String> accounts) {
    return count(
        """
        SELECT COUNT(*) AS value FROM generation
        WHERE state IN ('DISPATCHING', 'SUBMITTED', 'UNCERTAIN', 'FETCHING')
          AND account NOT IN (%s)
        """
            .formatted(accounts.isEmpty() ? "''" : marks(accounts)),
        accounts);
  }

  @Override
  public final List<Instant> lastAnswers(String account, int count, Instant unanswered) {
    return database.read(sql -> {
      // Two questions: a sort by a COALESCE would read every attempt there ever was.
      List<Instant> open =
          sql.list(
              "SELECT no FROM attempt WHERE account = ? AND answered_at IS NULL LIMIT ?",
              _ -> unanswered,
              account,
              count);
      List<Instant> answered =
          sql.list(
              """
              SELECT answered_at FROM attempt
              WHERE account = ? AND answered_at IS NOT NULL
              ORDER BY answered_at DESC LIMIT ?
              """,
              r -> r.instant("answered_at"),
              account,
              count);
      return Stream.concat(open.stream(), answered.stream())
          .sorted(Comparator.reverseOrder())
          .limit(count)
          .toList();
    });
  }

  /** In an empty NOT IN a NULL would exclude everything; no id is the empty text. */
  private static String excluded(Set<String> except) {
    return except.isEmpty() ? "''" : marks(except);
  }

  private Optional<Generation> first(String query, @Nullable Object... parameters) {
    return database.read(sql -> sql.first(query, r -> row.read(sql, r), parameters));
  }

  private Optional<Instant> moment(String query, @Nullable Object... parameters) {
    return database.read(sql -> sql.first(query, r -> r.instant("due_at"), parameters));
  }

  private int count(String query, @Nullable Object... parameters) {
    return database.read(sql -> Math.toIntExact(sql.number(query, parameters)));
  }
}
