package dev.moongate.db;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.zip.CRC32;

/**
 * Brings the tables to this version: numbered scripts, each run once and never changed afterwards.
 */
final class Migrations {
  /** Version 1 is the first; a script is only ever appended. */
  private static final List<String> SCRIPTS =
      List.of(
          "common/V1__init.sql",
          "<dialect>/V2__ledger_is_append_only.sql",
          "common/V10__webhook.sql",
          "common/V11__keys_and_money.sql",
          "<dialect>/V12__audit_log_is_append_only.sql",
          "common/V13__a_task_has_one_attempt.sql",
          "common/V14__lists_by_key_and_account.sql");

  private final Dialect dialect;

  Migrations(Dialect dialect) {
    this.dialect = dialect;
  }

  /**
   * What differs: the folder of scripts, and the transaction that only one process has at a time.
   */
  enum Dialect {
    SQLITE("sqlite", "BEGIN IMMEDIATE"),
    POSTGRESQL(
        "postgresql",
        """
        BEGIN;
        SET LOCAL statement_timeout = 0;
        SET LOCAL lock_timeout = '60s';
        DO 'BEGIN PERFORM pg_advisory_xact_lock(7883946363647714675); END'
        """);

    private final String folder;
    private final String begin;

    Dialect(String folder, String begin) {
      this.folder = folder;
      this.begin = begin;
    }
  }

  /** Runs what is missing, in one transaction; another process doing the same waits for it. */
  void apply(Connection connection) throws SQLException {
    Sql sql = new Sql(connection);
    sql.script(dialect.begin);
    try {
      sql.script(
          """
          CREATE TABLE IF NOT EXISTS schema_version (
            version    INTEGER PRIMARY KEY,
            name       TEXT NOT NULL,
            checksum   BIGINT NOT NULL)
          """);
      Map<Integer, Long> applied = applied(sql);
      requireKnown(applied);
      for (int version = applied.size() + 1; version <= SCRIPTS.size(); version++) {
        run(sql, version);
      }
      sql.script("COMMIT");
    } catch (SQLException | RuntimeException e) {
      sql.script("ROLLBACK");
      throw e;
    }
  }

  /**
   * Refuses tables of any other version, and changes nothing.
   *
   * @throws SQLException if there are no tables of ours
   */
  void require(Connection connection) throws SQLException {
    Map<Integer, Long> applied = applied(new Sql(connection));
    requireKnown(applied);
    if (applied.size() < SCRIPTS.size()) {
      throw new IllegalStateException(
          "the database has version %d, this Moongate needs %d: start the gateway on it once"
              .formatted(applied.size(), SCRIPTS.size()));
    }
  }

  private static Map<Integer, Long> applied(Sql sql) throws SQLException {
    return sql
        .list(
            "SELECT version, checksum FROM schema_version",
            row -> Map.entry(row.integer("version"), row.number("checksum")))
        .stream()
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  private void requireKnown(Map<Integer, Long> applied) {
    if (applied.size() > SCRIPTS.size()) {
      throw new IllegalStateException(
          "the database has version %d, this Moongate knows up to %d: it was written by a newer one"
              .formatted(applied.size(), SCRIPTS.size()));
    }
    for (int version = 1; version <= applied.size(); version++) {
      Long checksum = applied.get(version);
      if (checksum == null || checksum != checksum(script(version))) {
        throw new IllegalStateException(
            "version " + version + " of the database was made by a script other than ours");
      }
    }
  }

  private void run(Sql sql, int version) throws SQLException {
    String script = script(version);
    sql.script(script);
    sql.update(
        "INSERT INTO schema_version (version, name, checksum) VALUES (?, ?, ?)",
        version,
        name(version),
        checksum(script));
  }

  private String script(int version) {
    String name = "/db/migration/" + name(version);
    try (InputStream in = Migrations.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("missing " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String name(int version) {
    return SCRIPTS.get(version - 1).replace("<dialect>", dialect.folder);
  }

  private static long checksum(String script) {
    CRC32 crc = new CRC32();
    crc.update(script.replace("\r\n", "\n").getBytes(StandardCharsets.UTF_8));
    return crc.getValue();
  }
}
