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

/**
 * The questions to the generation tables about one generation, and about what a process that died
 * has left. States stand in the SQL as literals here too.
 */
abstract class GenerationReads extends QueueReads implements GenerationRows {
  private final Database database;

  GenerationReads(Database database, RequestJson requests) {
    super(database, requests);
    this.database = database;
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
  public final Optional<StoredImage> findImage(
      String organisation, String project, String imageId) {
    return database.read(sql ->
        sql.first(
            """
            SELECT i.* FROM image i JOIN generation g ON g.id = i.generation_id
            WHERE i.public_id = ? AND i.state = 'STORED'
              AND g.organisation_id = ? AND g.project_id = ?
            """,
            GenerationRow::storedImage,
            imageId,
            organisation,
            project));
  }

  @Override
  public final Set<String> triedAccounts(String generation) {
    return Set.copyOf(
        database.read(sql ->
            sql.list(
                "SELECT DISTINCT account FROM attempt WHERE generation_id = ?",
                r -> r.text("account"),
                generation)));
  }

  @Override
  public final List<Fault> faults(String generation) {
    return database.read(sql ->
        sql.list(
            """
            SELECT outcome, COALESCE(reason, '') AS reason FROM attempt
            WHERE generation_id = ? AND outcome IN ('NOT_SENT', 'REJECTED', 'DISPROVED', 'FAILED_UNBILLED')
            """,
            r -> new Fault(AttemptOutcome.valueOf(r.text("outcome")), r.text("reason")),
            generation));
  }

  @Override
  public final long setAside() {
    return database.read(Admissions::setAside);
  }

  @Override
  public final List<Generation> leftDispatching() {
    return all("SELECT * FROM generation WHERE state = 'DISPATCHING' ORDER BY created_at, id");
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
  public final List<Generation> strays(
      Collection<String> accounts, Instant now, Instant begunBefore, int limit) {
    String others = accounts.isEmpty() ? "''" : marks(accounts);
    // Two questions: with an OR no index of the few rows that are open would do.
    List<Generation> waiting =
        all(
            """
            SELECT * FROM generation
            WHERE state = 'ADMITTED' AND account NOT IN (%s) AND deadline_at < ?
            ORDER BY created_at, id LIMIT ?
            """
                .formatted(others),
            accounts,
            now,
            limit);
    List<Generation> begun =
        all(
            """
            SELECT * FROM generation
            WHERE state IN ('SUBMITTED', 'FETCHING', 'UNCERTAIN') AND account NOT IN (%s)
              AND COALESCE(submitted_at, created_at) < ?
            ORDER BY created_at, id LIMIT ?
            """
                .formatted(others),
            accounts,
            begunBefore,
            limit);
    return Stream.concat(waiting.stream(), begun.stream()).toList();
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
}
