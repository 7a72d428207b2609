package dev.moongate.db;

import dev.moongate.auth.Key;
import dev.moongate.db.ReadOnlyDatabase.TextColumn;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Looks through every text of every table for secrets. What it finds is named, and not shown. */
final class SecretCheck {
  private static final String INVARIANT = "no secret stands in a row";

  /** A shorter one is no credential, and would be found in any text. */
  private static final int SHORTEST = 12;

  private static final Pattern KEY = Pattern.compile("moongate_[0-9A-Za-z]{38}");

  private final ReadOnlyDatabase database;
  private final List<String> providerKeys;

  SecretCheck(ReadOnlyDatabase database, Collection<String> providerKeys) {
    this.database = database;
    this.providerKeys =
        providerKeys.stream().filter(secret -> secret.length() >= SHORTEST).toList();
  }

  Check check() {
    return new Check(INVARIANT, this::find);
  }

  /**
   * A secret that may stand in one place.
   *
   * @param place {@code table.column}; null if it may stand nowhere
   */
  private record Secret(String what, String text, @Nullable String place) {}

  private List<String> find(Sql sql) throws SQLException {
    List<Secret> secrets = secrets(sql);
    Map<String, List<String>> tables =
        database.textColumns(sql).stream()
            .collect(
                Collectors.groupingBy(
                    TextColumn::table,
                    LinkedHashMap::new,
                    Collectors.mapping(TextColumn::column, Collectors.toList())));
    List<String> found = new ArrayList<>();
    for (Map.Entry<String, List<String>> table : tables.entrySet()) {
      found.addAll(find(sql, table.getKey(), table.getValue(), secrets));
    }
    return found;
  }

  private List<Secret> secrets(Sql sql) throws SQLException {
    List<Secret> secrets = new ArrayList<>();
    providerKeys.forEach(key -> secrets.add(new Secret("a provider's key", key, null)));
    secrets.addAll(
        sql.list(
            "SELECT webhook_secret FROM api_key WHERE webhook_secret IS NOT NULL",
            row ->
                new Secret(
                    "the secret of a webhook",
                    row.text("webhook_secret"),
                    "api_key.webhook_secret")));
    secrets.addAll(
        sql.list(
            "SELECT value FROM setting WHERE name = 'link-secret'",
            row -> new Secret("the secret of the links", row.text("value"), "setting.value")));
    return secrets;
  }

  private static List<String> find(
      Sql sql, String table, List<String> columns, List<Secret> secrets) throws SQLException {
    Set<String> needles = new TreeSet<>(List.of("moongate_", "whsec_"));
    secrets.stream()
        .map(Secret::text)
        .filter(text -> !text.startsWith("whsec_"))
        .forEach(needles::add);
    List<String> patterns =
        needles.stream().map(text -> "%" + text.replaceAll("[!%_]", "!$0") + "%").toList();
    List<String> conditions = new ArrayList<>();
    List<Object> values = new ArrayList<>();
    for (String column : columns) {
      String like = quoted(column) + " LIKE ? ESCAPE '!'";
      conditions.add("(" + String.join(" OR ", Collections.nCopies(patterns.size(), like)) + ")");
      values.addAll(patterns);
    }
    String where = String.join(" OR ", conditions);
    List<String> found = new ArrayList<>();
    sql.list(
        "SELECT * FROM %s WHERE %s".formatted(quoted(table), where),
        row -> {
          for (String column : columns) {
            String text = row.textOrNull(column);
            for (String what : in(text == null ? "" : text, table + "." + column, secrets)) {
              found.add("%s%s: %s".formatted(owner(row, columns), table + "." + column, what));
            }
          }
          return table;
        },
        values.toArray());
    return found;
  }

  private static Set<String> in(String text, String place, List<Secret> secrets) {
    Set<String> found = new TreeSet<>();
    if (KEY.matcher(text).results().anyMatch(key -> Key.parse(key.group()).isPresent())) {
      found.add("a caller's key");
    }
    secrets.stream()
        .filter(secret -> !place.equals(secret.place()) && text.contains(secret.text()))
        .forEach(secret -> found.add(secret.what()));
    return found;
  }

  private static String owner(Row row, List<String> columns) throws SQLException {
    for (String column : List.of("generation_id", "id")) {
      if (columns.contains(column)) {
        return row.text(column) + " ";
      }
    }
    return "";
  }

  private static String quoted(String name) {
    return '"' + name + '"';
  }
}
