package dev.moongate.db;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** What a PostgreSQL server says of itself, as far as acknowledged commits depend on it. */
record ServerState(
    int version,
    boolean readOnly,
    String encoding,
    String fsync,
    String fullPageWrites,
    String synchronousCommit) {
  private static final int OLDEST = 15;

  static ServerState read(Sql sql) throws SQLException {
    return new ServerState(
        Integer.parseInt(show(sql, "server_version_num")) / 10_000,
        show(sql, "transaction_read_only").equals("on"),
        show(sql, "server_encoding"),
        show(sql, "fsync"),
        show(sql, "full_page_writes"),
        show(sql, "synchronous_commit"));
  }

  /** Why a gateway must not use it; empty if it may. */
  List<String> problems(String name) {
    List<String> problems = new ArrayList<>();
    if (version < OLDEST) {
      problems.add(
          "the database %s is PostgreSQL %d; Moongate needs %d or newer"
              .formatted(name, version, OLDEST));
    }
    if (readOnly) {
      problems.add("the database %s is a read-only standby; name its primary".formatted(name));
    }
    if (!encoding.equals("UTF8")) {
      problems.add(
          "the database %s has the encoding %s; make one with ENCODING 'UTF8'"
              .formatted(name, encoding));
    }
    requireOn(problems, name, "fsync", fsync);
    requireOn(problems, name, "full_page_writes", fullPageWrites);
    requireOn(problems, name, "synchronous_commit", synchronousCommit);
    return problems;
  }

  private static void requireOn(List<String> problems, String name, String setting, String value) {
    if (value.equals("off")) {
      problems.add(
          "the database %s has %s=off and could forget what was acknowledged and paid for; turn it on"
              .formatted(name, setting));
    }
  }

  private static String show(Sql sql, String setting) throws SQLException {
    return sql.first("SHOW " + setting, row -> row.text(setting)).orElseThrow();
  }
}
