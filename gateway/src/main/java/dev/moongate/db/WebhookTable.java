package dev.moongate.db;

import static dev.moongate.db.Sql.marks;

import dev.moongate.generation.Generation;
import dev.moongate.webhook.Webhook;
import dev.moongate.webhook.WebhookDelivery;
import dev.moongate.webhook.WebhookRows;
import dev.moongate.webhook.WebhookSecret;
import java.net.URI;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;

/** Keys' webhooks, in the keys' rows, and the events that are to be told. */
public final class WebhookTable implements WebhookRows {
  private final Database database;
  private final InstantSource clock;

  public WebhookTable(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  /**
   * To be called in the transaction that ends a generation. The event's id is made of the
   * generation's, so that there is one of each.
   */
  static void announce(Sql sql, Generation ended, Instant now) throws SQLException {
    sql.update(
        """
        INSERT INTO webhook_delivery (id, generation_id, key_id, state, attempts, due_at, created_at)
        SELECT ?, ?, id, 'PENDING', 0, ?, ? FROM api_key
        WHERE id = ? AND webhook_url IS NOT NULL
        """,
        "msg_" + ended.id().replaceFirst("^gen_", ""),
        ended.id(),
        now,
        now,
        ended.keyId());
  }

  @Override
  public void register(String keyId, Webhook webhook, String actor) {
    // The host alone: a path may be a credential of the receiver's.
    String detail =
        JsonNodeFactory.instance
            .objectNode()
            .put("host", String.valueOf(webhook.url().getHost()))
            .toString();
    database.write(sql -> {
      int changed =
          sql.update(
              "UPDATE api_key SET webhook_url = ?, webhook_secret = ? WHERE id = ?",
              webhook.url().toString(),
              webhook.secret().text(),
              keyId);
      AuditTable.write(sql, clock.instant(), actor, "webhook.set", keyId, detail);
      return changed;
    });
  }

  @Override
  public void unregister(String keyId, String actor) {
    database.write(sql -> {
      boolean changed = remove(sql, keyId);
      if (changed) {
        AuditTable.write(sql, clock.instant(), actor, "webhook.remove", keyId, "{}");
      }
      return changed;
    });
  }

  /**
   * To be called in a transaction that takes a key's webhook away, or the key. What waits to be
   * told has nowhere to go from then on.
   */
  static boolean remove(Sql sql, String keyId) throws SQLException {
    sql.update(
        """
        UPDATE webhook_delivery SET state = 'GIVEN_UP', last_error = 'the webhook was taken away'
        WHERE key_id = ? AND state = 'PENDING'
        """,
        keyId);
    return sql.update(
            """
            UPDATE api_key SET webhook_url = NULL, webhook_secret = NULL
            WHERE id = ? AND webhook_url IS NOT NULL
            """,
            keyId)
        == 1;
  }

  @Override
  public Map<String, URI> urls() {
    return database
        .read(sql ->
            sql.list(
                "SELECT id, webhook_url FROM api_key WHERE webhook_url IS NOT NULL",
                row -> Map.entry(row.text("id"), URI.create(row.text("webhook_url")))))
        .stream()
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  @Override
  public Optional<WebhookDelivery> nextDue(Instant now, Set<String> except, Set<String> keys) {
    String query =
        """
        SELECT d.id, d.generation_id, d.key_id, d.attempts, d.created_at, k.webhook_url,
          k.webhook_secret
        FROM webhook_delivery d JOIN api_key k ON k.id = d.key_id
        WHERE d.state = 'PENDING' AND d.due_at <= ? AND d.id NOT IN (%s) AND d.key_id NOT IN (%s)
        ORDER BY d.due_at, d.id LIMIT 1
        """
            .formatted(excluded(except), excluded(keys));
    return database.read(sql -> sql.first(query, WebhookTable::read, now, except, keys));
  }

  @Override
  public Optional<Instant> nextDueAt(Set<String> except, Set<String> keys) {
    String query =
        """
        SELECT due_at FROM webhook_delivery
        WHERE state = 'PENDING' AND id NOT IN (%s) AND key_id NOT IN (%s)
        ORDER BY due_at LIMIT 1
        """
            .formatted(excluded(except), excluded(keys));
    return database.read(sql -> sql.first(query, row -> row.instant("due_at"), except, keys));
  }

  @Override
  public void delivered(WebhookDelivery seen, int status) {
    move(seen, "state = 'DELIVERED', last_status = ?, last_error = NULL", status);
  }

  @Override
  public void failed(WebhookDelivery seen, @Nullable Integer status, String error, Instant again) {
    move(seen, "last_status = ?, last_error = ?, due_at = ?", status, error, again);
  }

  @Override
  public void givenUp(WebhookDelivery seen, @Nullable Integer status, String error) {
    move(seen, "state = 'GIVEN_UP', last_status = ?, last_error = ?", status, error);
  }

  /** Counts an attempt, unless another has been counted since the row was seen. */
  private void move(WebhookDelivery seen, String assignments, @Nullable Object... values) {
    @Nullable Object[] parameters = java.util.Arrays.copyOf(values, values.length + 2);
    parameters[values.length] = seen.id();
    parameters[values.length + 1] = seen.attempts();
    database.write(sql ->
        sql.update(
            "UPDATE webhook_delivery SET attempts = attempts + 1, "
                + assignments
                + " WHERE id = ? AND attempts = ? AND state = 'PENDING'",
            parameters));
  }

  private static WebhookDelivery read(Row row) throws SQLException {
    return new WebhookDelivery(
        row.text("id"),
        row.text("generation_id"),
        row.text("key_id"),
        new Webhook(
            URI.create(row.text("webhook_url")), WebhookSecret.of(row.text("webhook_secret"))),
        row.integer("attempts"),
        row.instant("created_at"));
  }

  /** In an empty NOT IN a NULL would exclude everything; no id is the empty text. */
  private static String excluded(Set<String> except) {
    return except.isEmpty() ? "''" : marks(except);
  }
}
