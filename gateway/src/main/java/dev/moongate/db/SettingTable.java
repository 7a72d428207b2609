package dev.moongate.db;

import java.util.Optional;
import java.util.function.Supplier;

/** Small values that must survive a restart, such as the secret that links are signed with. */
public final class SettingTable {
  private final Database database;

  public SettingTable(Database database) {
    this.database = database;
  }

  public Optional<String> find(String name) {
    return database.read(sql ->
        sql.first("SELECT value FROM setting WHERE name = ?", row -> row.text("value"), name));
  }

  /** The stored value; {@code first} gives it if there is none yet. */
  public String findOrMake(String name, Supplier<String> first) {
    return find(name)
        .orElseGet(() -> {
          String value = first.get();
          return database.write(sql -> {
            // Another process may have been faster: then its value is the one.
            sql.update(
                """
                INSERT INTO setting (name, value) VALUES (?, ?)
                ON CONFLICT (name) DO NOTHING
                """,
                name,
                value);
            return sql.first(
                    "SELECT value FROM setting WHERE name = ?", row -> row.text("value"), name)
                .orElseThrow();
          });
        });
  }

  /** Stores a value, replacing the one before. */
  public void store(String name, String value) {
    database.write(sql ->
        sql.update(
            """
            INSERT INTO setting (name, value) VALUES (?, ?)
            ON CONFLICT (name) DO UPDATE SET value = excluded.value
            """,
            name,
            value));
  }
}
