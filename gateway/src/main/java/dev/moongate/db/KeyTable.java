package dev.moongate.db;

import dev.moongate.auth.Caller;
import dev.moongate.auth.KeyHash;
import dev.moongate.auth.Keys;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The keys' table. */
public final class KeyTable implements Keys {
  private final Database database;
  private final InstantSource clock;

  public KeyTable(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  @Override
  public Optional<Caller> findActive(KeyHash hash, Instant now) {
    return database.read(sql ->
        sql.first(
            """
            SELECT id, organisation_id, project_id, admin, answer_within FROM api_key
            WHERE hash = ? AND disabled_at IS NULL AND (expires_at IS NULL OR expires_at > ?)
            """,
            row ->
                new Caller(
                    row.text("organisation_id"),
                    row.text("project_id"),
                    row.text("id"),
                    row.truth("admin"),
                    answerWithin(row)),
            hash.hex(),
            now));
  }

  private static @Nullable Duration answerWithin(Row row) throws SQLException {
    Long micros = row.numberOrNull("answer_within");
    return micros == null ? null : Duration.of(micros, ChronoUnit.MICROS);
  }

  @Override
  public void answerWithin(String keyId, Duration limit) {
    database.write(sql ->
        sql.update(
            "UPDATE api_key SET answer_within = ? WHERE id = ?", limit.toNanos() / 1000, keyId));
  }

  @Override
  public void add(KeyRow row) {
    database.write(sql -> insert(sql, row));
  }

  @Override
  public List<KeyRow> list() {
    return database.read(
        sql -> sql.list("SELECT * FROM api_key ORDER BY created_at, id", KeyTable::read));
  }

  @Override
  public boolean disable(String keyId) {
    return database.write(sql ->
        sql.update(
                "UPDATE api_key SET disabled_at = COALESCE(disabled_at, ?) WHERE id = ?",
                clock.instant(),
                keyId)
            == 1);
  }

  @Override
  public void useFromEnvironment(@Nullable KeyRow row) {
    database.write(sql -> {
      sql.update(
          """
          UPDATE api_key SET disabled_at = ?
          WHERE origin = 'environment' AND disabled_at IS NULL AND hash <> ?
          """,
          clock.instant(),
          row == null ? "" : row.hash().hex());
      return row == null ? 0 : insertOrEnable(sql, row);
    });
  }

  /** The same key may come back after another one, or have been added by hand before. */
  private static int insertOrEnable(Sql sql, KeyRow row) throws SQLException {
    int known =
        sql.update(
            """
            UPDATE api_key SET disabled_at = NULL, expires_at = NULL, admin = 1,
              origin = 'environment'
            WHERE hash = ?
            """,
            row.hash().hex());
    return known == 1 ? known : insert(sql, row);
  }

  private static int insert(Sql sql, KeyRow row) throws SQLException {
    return sql.update(
        """
        INSERT INTO api_key (id, organisation_id, project_id, name, hash, last_four, admin, origin,
          created_at, expires_at, disabled_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        row.id(),
        row.organisation(),
        row.project(),
        row.name(),
        row.hash().hex(),
        row.lastFour(),
        row.admin(),
        row.origin(),
        row.createdAt(),
        row.expiresAt(),
        row.disabledAt());
  }

  private static KeyRow read(Row row) throws SQLException {
    return new KeyRow(
        row.text("id"),
        row.text("organisation_id"),
        row.text("project_id"),
        row.text("name"),
        new KeyHash(row.text("hash")),
        row.text("last_four"),
        row.truth("admin"),
        row.text("origin"),
        row.instant("created_at"),
        row.instantOrNull("expires_at"),
        row.instantOrNull("disabled_at"));
  }
}
