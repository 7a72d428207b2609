package dev.moongate.db;

import dev.moongate.auth.AuditLog;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** The audit log; other tables write it in the transactions of their changes. */
public final class AuditTable implements AuditLog {
  private final Database database;

  public AuditTable(Database database) {
    this.database = database;
  }

  @Override
  public List<Entry> list(int limit, @Nullable String after) {
    String last = after == null ? "~" : after;
    return database.read(sql ->
        sql.list(
            "SELECT * FROM audit_log WHERE id < ? ORDER BY id DESC LIMIT ?",
            row ->
                new Entry(
                    row.text("id"),
                    row.instant("at"),
                    row.text("actor"),
                    row.text("action"),
                    row.text("target"),
                    row.text("detail")),
            last,
            limit));
  }

  /** One line; its id sorts by time. */
  static void write(Sql sql, Instant now, String actor, String action, String target, String detail)
      throws SQLException {
    String id = "aud_%016x%08x".formatted(Row.micros(now), ThreadLocalRandom.current().nextInt());
    sql.update(
        "INSERT INTO audit_log (id, at, actor, action, target, detail) VALUES (?, ?, ?, ?, ?, ?)",
        id,
        now,
        actor,
        action,
        target,
        detail);
  }
}
