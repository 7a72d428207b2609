package dev.moongate.http.admin;

import dev.moongate.auth.KeyTerms;
import dev.moongate.auth.Role;
import dev.moongate.error.GatewayException;
import dev.moongate.http.Members;
import dev.moongate.image.ResponseFormat;
import dev.moongate.model.Catalogue;
import dev.moongate.model.Model;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;

/**
 * Reads the terms of a key: a member that is missing leaves them as they were, and null lifts what
 * can be lifted.
 */
final class KeyMembers {
  /** The members that a key's terms have. */
  static final Set<String> TERMS =
      Set.of(
          "role",
          "models",
          "weight",
          "limits",
          "response_format",
          "answer_within_seconds",
          "link_life_seconds",
          "lenient");

  private static final long LAST_SECOND = 253_402_300_799L;

  private final Members body;
  private final Catalogue catalogue;

  KeyMembers(Members body, Catalogue catalogue) {
    this.body = body;
    this.catalogue = catalogue;
  }

  KeyTerms terms(KeyTerms before) {
    Boolean lenient = body.flag("lenient");
    return new KeyTerms(
        role(before.role()),
        body.has("models") ? models() : before.models(),
        LimitMembers.read(body, before.limits()),
        LimitMembers.weight(body, before.weight()),
        body.has("response_format") ? responseFormat() : before.responseFormat(),
        duration("answer_within_seconds", KeyTerms.LONGEST_ANSWER, before.answerWithin()),
        duration("link_life_seconds", KeyTerms.LONGEST_LINK, before.linkLife()),
        lenient == null ? before.lenient() : lenient);
  }

  /** When the key ends; refused if that is over already. */
  @Nullable Instant expiresAt(@Nullable Instant before, Instant now) {
    if (!body.has("expires_at")) {
      return before;
    }
    Long seconds = AdminBody.number(body, "expires_at", 0, LAST_SECOND);
    if (seconds == null) {
      return null;
    }
    Instant end = Instant.ofEpochSecond(seconds);
    if (!end.isAfter(now)) {
      throw AdminBody.invalid(
          "expires_at", "expires_at is over already; it is a moment in Unix seconds");
    }
    return end;
  }

  private Role role(Role before) {
    String role = body.text("role");
    return role == null
        ? before
        : Role.find(role)
            .orElseThrow(() ->
                AdminBody.invalid(
                    "role",
                    "role is %s; it must be admin, member or read-only"
                        .formatted(GatewayException.shown(role))));
  }

  private @Nullable Set<String> models() {
    ArrayNode array = body.array("models");
    if (array == null) {
      return null;
    }
    Set<String> models = new HashSet<>();
    for (int i = 0; i < array.size(); i++) {
      String path = "models[" + i + "]";
      if (!array.get(i).isString()) {
        throw Members.wrongType(path, array.get(i), "a string");
      }
      String model = array.get(i).stringValue();
      if (catalogue.find(model).isEmpty()) {
        throw AdminBody.invalid(
            path,
            catalogue
                .resolve(model)
                .map(alias ->
                    "%s is an alias of %s: whoever may use that may use it by any name"
                        .formatted(model, alias.model().id()))
                .orElseGet(() ->
                    "There is no model %s; there is: %s"
                        .formatted(
                            GatewayException.shown(model),
                            String.join(", ", catalogue.list().stream().map(Model::id).toList()))));
      }
      models.add(model);
    }
    return models;
  }

  private @Nullable ResponseFormat responseFormat() {
    String format = body.text("response_format");
    return format == null
        ? null
        : Arrays.stream(ResponseFormat.values())
            .filter(known -> known.wireName().equals(format))
            .findFirst()
            .orElseThrow(() ->
                AdminBody.invalid(
                    "response_format",
                    "response_format is %s; it must be url or b64_json"
                        .formatted(GatewayException.shown(format))));
  }

  private @Nullable Duration duration(String name, Duration longest, @Nullable Duration before) {
    if (!body.has(name)) {
      return before;
    }
    Long seconds = AdminBody.number(body, name, 1, longest.toSeconds());
    return seconds == null ? null : Duration.ofSeconds(Objects.requireNonNull(seconds));
  }
}
