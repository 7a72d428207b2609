package dev.moongate.db;

import dev.moongate.error.ErrorCode;
import dev.moongate.error.GatewayException;
import dev.moongate.generation.Admitted;
import dev.moongate.generation.Generation;
import dev.moongate.generation.Resend;
import dev.moongate.generation.State;
import dev.moongate.policy.LedgerEntry;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a generation comes to be: once for each thing that a caller wants, however often it is asked
 * for.
 */
final class Admissions {
  private static final Duration KEYS_ARE_KEPT = Duration.ofDays(7);
  private static final Duration RESENDS_COME_WITHIN = Duration.ofMinutes(15);

  private final RequestJson requests;

  Admissions(RequestJson requests) {
    this.requests = requests;
  }

  Admitted admit(Sql sql, Generation asked, LedgerEntry hold, Resend resend, long disk, long room)
      throws SQLException {
    oneAtATime(sql, asked);
    Optional<String> joined = tryJoin(sql, asked, resend);
    if (joined.isEmpty() && resend.idempotencyKey() != null && !claim(sql, asked, resend)) {
      // Another transaction was faster, and is committed now.
      joined = tryJoin(sql, asked, resend);
    }
    if (joined.isPresent()) {
      return new Admitted(joined.orElseThrow(), true);
    }
    requireRoom(sql, disk, room);
    Spendings.reserve(sql, asked);
    insert(sql, asked, resend, disk);
    Transitions.book(sql, asked.id(), List.of(hold), asked.createdAt());
    return new Admitted(asked.id(), false);
  }

  /** Why a new generation would not be let in. */
  Optional<GatewayException> refusal(Sql sql, Generation asked, long disk, long room)
      throws SQLException {
    try {
      requireRoom(sql, disk, room);
      Spendings.require(sql, asked);
      return Optional.empty();
    } catch (GatewayException e) {
      return Optional.of(e);
    }
  }

  /**
   * On PostgreSQL two transactions would not see each other's sums and generations before both are
   * committed; this row's lock makes the second one wait. SQLite has one writer anyway.
   */
  private static void oneAtATime(Sql sql, Generation asked) throws SQLException {
    sql.update(
        "UPDATE organisation SET created_at = created_at WHERE id = ?", asked.organisation());
  }

  Optional<String> tryJoin(Sql sql, Generation asked, Resend resend) throws SQLException {
    if (resend.idempotencyKey() != null) {
      return byKey(sql, asked, resend, resend.idempotencyKey());
    }
    return resend.retryCount() > 0 ? byCount(sql, asked, resend) : Optional.empty();
  }

  private Optional<String> byKey(Sql sql, Generation asked, Resend resend, String key)
      throws SQLException {
    Optional<Claim> claim = claim(sql, asked, key);
    if (claim.isPresent() && !same(claim.orElseThrow().fingerprint(), asked, resend)) {
      throw new GatewayException(
          ErrorCode.IDEMPOTENCY_KEY_REUSED,
          "Idempotency-Key",
          "This Idempotency-Key was used for another request; give each request a key of its own");
    }
    Optional<Claim> taken = claim.filter(c -> !c.free());
    if (taken.isPresent() && taken.orElseThrow().deleted()) {
      throw new GatewayException(
              ErrorCode.NOT_FOUND,
              "Idempotency-Key",
              "The generation of this Idempotency-Key was deleted; to have it made, and paid for,"
                  + " once more, send the request with a new key")
          .of(taken.orElseThrow().generation());
    }
    return taken.map(Claim::generation);
  }

  private static Optional<Claim> claim(Sql sql, Generation asked, String key) throws SQLException {
    return sql.first(
        """
        SELECT i.generation_id, i.fingerprint, g.state, g.error_code, g.deleted_at
        FROM idempotency i JOIN generation g ON g.id = i.generation_id
        WHERE i.organisation_id = ? AND i.project_id = ? AND i.idem_key = ? AND i.expires_at > ?
        """,
        row ->
            new Claim(
                row.text("generation_id"),
                row.text("fingerprint"),
                State.valueOf(row.text("state")),
                row.textOrNull("error_code"),
                row.instantOrNull("deleted_at") != null),
        asked.organisation(),
        asked.project(),
        key,
        asked.createdAt());
  }

  /** Who holds an Idempotency-Key. */
  private record Claim(
      String generation,
      String fingerprint,
      State state,
      @Nullable String errorCode,
      boolean deleted) {
    /** A failure that cost nothing, after which the same may be asked for again. */
    boolean free() {
      return state == State.FAILED && errorCode != null && ErrorCode.valueOf(errorCode).freesKey();
    }
  }

  /** Takes the key for the new generation; false if it is somebody else's. */
  private boolean claim(Sql sql, Generation asked, Resend resend) throws SQLException {
    String key = java.util.Objects.requireNonNull(resend.idempotencyKey());
    String failed = claim(sql, asked, key).filter(Claim::free).map(Claim::generation).orElse("");
    return sql.update(
            """
            INSERT INTO idempotency (organisation_id, project_id, idem_key, fingerprint,
              generation_id, expires_at)
            VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (organisation_id, project_id, idem_key) DO UPDATE
            SET fingerprint = excluded.fingerprint, generation_id = excluded.generation_id,
              expires_at = excluded.expires_at
            WHERE idempotency.generation_id = ? OR idempotency.expires_at <= ?
            """,
            asked.organisation(),
            asked.project(),
            key,
            fingerprint(asked, resend),
            asked.id(),
            asked.createdAt().plus(KEYS_ARE_KEPT),
            failed,
            asked.createdAt())
        == 1;
  }

  private Optional<String> byCount(Sql sql, Generation asked, Resend resend) throws SQLException {
    int count = resend.retryCount();
    String fingerprint = fingerprint(asked, resend);
    String old = oldFingerprint(asked, resend);
    Instant since = asked.createdAt().minus(RESENDS_COME_WITHIN);
    while (true) {
      Optional<String> oldest =
          sql.first(
              """
              SELECT id FROM generation
              WHERE key_id = ? AND fingerprint IN (?, ?) AND created_at >= ? AND retry_count < ?
                AND state <> 'FAILED' AND deleted_at IS NULL
              ORDER BY created_at, id LIMIT 1
              """,
              row -> row.text("id"),
              asked.keyId(),
              fingerprint,
              old,
              since,
              count);
      if (oldest.isEmpty()
          || sql.update(
                  "UPDATE generation SET retry_count = ? WHERE id = ? AND retry_count < ?",
                  count,
                  oldest.orElseThrow(),
                  count)
              == 1) {
        return oldest;
      }
    }
  }

  private static void requireRoom(Sql sql, long disk, long room) throws SQLException {
    if (setAside(sql) + disk > room) {
      throw new GatewayException(
              ErrorCode.INSUFFICIENT_STORAGE,
              "The gateway has too little disk space left for the pictures of this request;"
                  + " nothing was started or charged")
          .after(Duration.ofSeconds(60));
    }
  }

  static long setAside(Sql sql) throws SQLException {
    return sql.number(
        """
        SELECT COALESCE(SUM(disk), 0) AS value FROM generation
        WHERE state IN ('ADMITTED', 'DISPATCHING', 'SUBMITTED', 'UNCERTAIN', 'FETCHING')
        """);
  }

  private void insert(Sql sql, Generation asked, Resend resend, long disk) throws SQLException {
    sql.update(
        """
        INSERT INTO generation (id, organisation_id, project_id, key_id, model, n, request,
          fingerprint, retry_count, disk, state, epoch, unit_price, currency, pixels, account,
          attempts, created_at, due_at, deadline_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?)
        """,
        asked.id(),
        asked.organisation(),
        asked.project(),
        asked.keyId(),
        asked.request().model(),
        asked.request().n(),
        requests.write(asked.request()),
        fingerprint(asked, resend),
        resend.retryCount(),
        disk,
        asked.state(),
        asked.epoch(),
        asked.unitPrice().micros(),
        asked.unitPrice().currency(),
        asked.pixels(),
        asked.account(),
        asked.createdAt(),
        asked.dueAt(),
        asked.deadlineAt());
  }

  private String fingerprint(Generation asked, Resend resend) {
    return requests.fingerprint(resend.endpoint(), asked.request());
  }

  private String oldFingerprint(Generation asked, Resend resend) {
    return requests.oldFingerprint(resend.endpoint(), asked.request());
  }

  private boolean same(String fingerprint, Generation asked, Resend resend) {
    return fingerprint.equals(fingerprint(asked, resend))
        || fingerprint.equals(oldFingerprint(asked, resend));
  }
}
