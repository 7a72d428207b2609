package dev.moongate.db;

import dev.moongate.auth.Caller;
import dev.moongate.auth.KeyHash;
import dev.moongate.auth.Keys;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The keys' table; each change is one transaction with its line in the audit log. */
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
            SELECT k.*, p.requests_per_minute AS p_requests_per_minute,
              p.images_per_minute AS p_images_per_minute, p.pixels_per_day AS p_pixels_per_day,
              p.concurrent AS p_concurrent
            FROM api_key k JOIN project p ON p.id = k.project_id
            WHERE (k.hash = ? OR (k.previous_hash = ? AND k.previous_until > ?))
              AND k.disabled_at IS NULL AND k.deleted_at IS NULL AND p.disabled_at IS NULL
              AND (k.expires_at IS NULL OR k.expires_at > ?)
            """,
            row ->
                new Caller(
                    row.text("organisation_id"),
                    row.text("project_id"),
                    row.text("id"),
                    KeyTermsRow.read(row),
                    KeyTermsRow.limits(row, "p_")),
            hash.hex(),
            hash.hex(),
            now,
            now));
  }

  @Override
  public void add(KeyRow row, String actor) {
    database.write(sql -> {
      int added = KeyColumns.insert(sql, row);
      audit(sql, actor, "key.add", row);
      return added;
    });
  }

  @Override
  public List<KeyRow> list() {
    return database.read(sql ->
        sql.list(
            "SELECT * FROM api_key WHERE deleted_at IS NULL ORDER BY created_at, id",
            KeyColumns::read));
  }

  @Override
  public Optional<KeyRow> find(String keyId) {
    return database.read(sql -> KeyColumns.find(sql, keyId));
  }

  @Override
  public Optional<KeyRow> change(String keyId, UnaryOperator<KeyRow> change, String actor) {
    return database.write(sql -> {
      AdminGuard guard = AdminGuard.before(sql, clock.instant());
      Optional<KeyRow> found = KeyColumns.find(sql, keyId);
      if (found.isEmpty()) {
        return found;
      }
      KeyRow before = found.orElseThrow();
      KeyRow after = change.apply(before);
      AdminGuard.requireNotTheEnvironments(before, after);
      KeyColumns.update(sql, after);
      guard.after(AdminGuard.reason(before, after));
      audit(sql, actor, action(before, after), after);
      return Optional.of(after);
    });
  }

  private static String action(KeyRow before, KeyRow after) {
    if ((before.disabledAt() == null) == (after.disabledAt() == null)) {
      return "key.change";
    }
    return after.disabledAt() == null ? "key.enable" : "key.disable";
  }

  @Override
  public boolean rotate(String keyId, KeyHash hash, String lastFour, Instant until, String actor) {
    return database.write(sql -> {
      KeyColumns.find(sql, keyId).ifPresent(AdminGuard::requireNotTheEnvironments);
      int rotated =
          sql.update(
              """
              UPDATE api_key SET previous_hash = hash, previous_until = ?, hash = ?, last_four = ?
              WHERE id = ? AND deleted_at IS NULL AND disabled_at IS NULL
              """,
              until,
              hash.hex(),
              lastFour,
              keyId);
      if (rotated == 1) {
        audit(sql, actor, "key.rotate", KeyColumns.find(sql, keyId).orElseThrow());
      }
      return rotated == 1;
    });
  }

  @Override
  public boolean disable(String keyId, String actor) {
    return change(
            keyId,
            row ->
                row.with(
                    row.name(),
                    row.terms(),
                    row.expiresAt(),
                    row.disabledAt() == null ? clock.instant() : row.disabledAt()),
            actor)
        .isPresent();
  }

  @Override
  public boolean delete(String keyId, String actor) {
    return database.write(sql -> {
      AdminGuard guard = AdminGuard.before(sql, clock.instant());
      Optional<KeyRow> row = KeyColumns.find(sql, keyId);
      if (row.isPresent()) {
        if (row.orElseThrow().disabledAt() == null) {
          AdminGuard.requireNotTheEnvironments(row.orElseThrow());
        }
        sql.update(
            """
            UPDATE api_key SET deleted_at = ?, disabled_at = COALESCE(disabled_at, ?),
              previous_hash = NULL, previous_until = NULL
            WHERE id = ?
            """,
            clock.instant(),
            clock.instant(),
            keyId);
        WebhookTable.remove(sql, keyId);
        guard.after(null);
        audit(sql, actor, "key.delete", row.orElseThrow());
      }
      return row.isPresent();
    });
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
  private int insertOrEnable(Sql sql, KeyRow row) throws SQLException {
    int known =
        sql.update(
            """
            UPDATE api_key SET disabled_at = NULL, expires_at = NULL, deleted_at = NULL,
              role = 'ADMIN', origin = 'environment'
            WHERE hash = ?
            """,
            row.hash().hex());
    if (known == 1) {
      return known;
    }
    audit(sql, "start", "key.add", row);
    return KeyColumns.insert(sql, row);
  }

  private void audit(Sql sql, String actor, String action, KeyRow row) throws SQLException {
    String detail = KeyColumns.detail(row).toString();
    AuditTable.write(sql, clock.instant(), actor, action, row.id(), detail);
  }
}
