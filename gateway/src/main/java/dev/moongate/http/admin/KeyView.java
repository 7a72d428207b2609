package dev.moongate.http.admin;

import dev.moongate.auth.KeyTerms;
import dev.moongate.auth.Keys.KeyRow;
import dev.moongate.http.Wire;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** A key as the admin sees it: never the key itself. */
final class KeyView {
  private KeyView() {}

  /**
   * The key.
   *
   * @param webhook where its events go; only the host is shown, because a path may be a credential
   */
  static ObjectNode of(KeyRow row, @Nullable URI webhook, Instant now) {
    KeyTerms terms = row.terms();
    ObjectNode json = Wire.object();
    json.put("id", row.id());
    json.put("object", "key");
    json.put("name", row.name());
    json.put("project", row.project());
    json.put("last_four", row.lastFour());
    json.put("status", status(row, now));
    json.put("role", terms.role().wireName());
    Set<String> models = terms.models();
    if (models == null) {
      json.set("models", Wire.nothing());
    } else {
      new TreeSet<>(models).forEach(json.putArray("models")::add);
    }
    json.put("weight", terms.weight());
    LimitMembers.show(json, terms.limits());
    json.put(
        "response_format",
        terms.responseFormat() == null ? null : terms.responseFormat().wireName());
    LimitMembers.put(json, "answer_within_seconds", seconds(terms.answerWithin()));
    LimitMembers.put(json, "link_life_seconds", seconds(terms.linkLife()));
    json.put("lenient", terms.lenient());
    json.put("webhook_host", webhook == null ? null : webhook.getHost());
    json.put("origin", row.origin());
    json.put("created", row.createdAt().getEpochSecond());
    LimitMembers.put(json, "expires_at", ProjectEndpoint.seconds(row.expiresAt()));
    LimitMembers.put(json, "disabled_at", ProjectEndpoint.seconds(row.disabledAt()));
    Instant previous = row.previousUntil();
    boolean both = previous != null && previous.isAfter(now);
    LimitMembers.put(json, "previous_works_until", both ? ProjectEndpoint.seconds(previous) : null);
    return json;
  }

  private static String status(KeyRow row, Instant now) {
    if (row.disabledAt() != null) {
      return "disabled";
    }
    Instant end = row.expiresAt();
    return end == null || end.isAfter(now) ? "active" : "expired";
  }

  private static @Nullable Long seconds(@Nullable Duration duration) {
    return duration == null ? null : duration.toSeconds();
  }
}
