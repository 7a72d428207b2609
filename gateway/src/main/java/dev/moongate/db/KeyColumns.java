package dev.moongate.db;

import dev.moongate.auth.KeyHash;
import dev.moongate.auth.Keys.KeyRow;
import java.sql.SQLException;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** A key as columns of {@code api_key}, and as the audit log shows it. */
final class KeyColumns {
  private KeyColumns() {}

  static Optional<KeyRow> find(Sql sql, String keyId) throws SQLException {
    return sql.first(
        "SELECT * FROM api_key WHERE id = ? AND deleted_at IS NULL", KeyColumns::read, keyId);
  }

  static int insert(Sql sql, KeyRow row) throws SQLException {
    return sql.update(
        """
        INSERT INTO api_key (id, organisation_id, project_id, name, hash, last_four, origin,
          created_at, expires_at, disabled_at, role, models, weight, requests_per_minute,
          images_per_minute, pixels_per_day, concurrent, response_format, answer_within, link_life,
          lenient)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        row.id(),
        row.organisation(),
        row.project(),
        row.name(),
        row.hash().hex(),
        row.lastFour(),
        row.origin(),
        row.createdAt(),
        row.expiresAt(),
        row.disabledAt(),
        row.terms().role(),
        KeyTermsRow.models(row.terms().models()),
        row.terms().weight(),
        row.terms().limits().requestsPerMinute(),
        row.terms().limits().imagesPerMinute(),
        row.terms().limits().pixelsPerDay(),
        row.terms().limits().concurrent(),
        row.terms().responseFormat(),
        KeyTermsRow.micros(row.terms().answerWithin()),
        KeyTermsRow.micros(row.terms().linkLife()),
        row.terms().lenient());
  }

  static void update(Sql sql, KeyRow row) throws SQLException {
    sql.update(
        """
        UPDATE api_key SET name = ?, role = ?, models = ?, weight = ?,
          requests_per_minute = ?, images_per_minute = ?, pixels_per_day = ?, concurrent = ?,
          response_format = ?, answer_within = ?, link_life = ?, lenient = ?, expires_at = ?,
          disabled_at = ?
        WHERE id = ?
        """,
        row.name(),
        row.terms().role(),
        KeyTermsRow.models(row.terms().models()),
        row.terms().weight(),
        row.terms().limits().requestsPerMinute(),
        row.terms().limits().imagesPerMinute(),
        row.terms().limits().pixelsPerDay(),
        row.terms().limits().concurrent(),
        row.terms().responseFormat(),
        KeyTermsRow.micros(row.terms().answerWithin()),
        KeyTermsRow.micros(row.terms().linkLife()),
        row.terms().lenient(),
        row.expiresAt(),
        row.disabledAt(),
        row.id());
  }

  static KeyRow read(Row row) throws SQLException {
    return new KeyRow(
        row.text("id"),
        row.text("organisation_id"),
        row.text("project_id"),
        row.text("name"),
        new KeyHash(row.text("hash")),
        row.text("last_four"),
        KeyTermsRow.read(row),
        row.text("origin"),
        row.instant("created_at"),
        row.instantOrNull("expires_at"),
        row.instantOrNull("disabled_at"),
        row.instantOrNull("previous_until"));
  }

  /** For the audit log; members without a value are left out. */
  static ObjectNode detail(KeyRow row) {
    ObjectNode json = KeyTermsRow.detail(row.terms());
    json.put("name", row.name());
    json.put("project", row.project());
    json.put("last_four", row.lastFour());
    if (row.expiresAt() != null) {
      json.put("expires_at", row.expiresAt().toString());
    }
    json.put("disabled", row.disabledAt() != null);
    if (row.previousUntil() != null) {
      json.put("previous_works_until", row.previousUntil().toString());
    }
    return json;
  }
}
