package dev.moongate.http.admin;

import dev.moongate.auth.CallerLimits;
import dev.moongate.auth.KeyTerms;
import dev.moongate.http.Members;
import dev.moongate.http.Wire;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Weight and limits of projects and keys, as they are read and shown. */
final class LimitMembers {
  private static final Set<String> KNOWN =
      Set.of("requests_per_minute", "images_per_minute", "pixels_per_day", "concurrent");

  private LimitMembers() {}

  static int weight(Members body, int usual) {
    Long weight = AdminBody.number(body, "weight", 1, KeyTerms.HEAVIEST);
    return weight == null ? usual : Math.toIntExact(weight);
  }

  /**
   * The limits after a change: a member that is missing leaves its limit as it was, null lifts it,
   * and {@code "limits": null} lifts them all.
   */
  static CallerLimits read(Members body, CallerLimits before) {
    if (!body.has("limits")) {
      return before;
    }
    JsonNode node = body.find("limits");
    if (node == null) {
      return CallerLimits.NONE;
    }
    Members limits = Members.of(node, body.path("limits"));
    limits.refuseOthers(KNOWN);
    return new CallerLimits(
        limit(limits, "requests_per_minute", before.requestsPerMinute(), CallerLimits.HIGHEST),
        limit(limits, "images_per_minute", before.imagesPerMinute(), CallerLimits.HIGHEST),
        limit(limits, "pixels_per_day", before.pixelsPerDay(), CallerLimits.MOST_PIXELS),
        limit(limits, "concurrent", before.concurrent(), CallerLimits.HIGHEST));
  }

  private static @Nullable Long limit(
      Members limits, String name, @Nullable Long before, long most) {
    return limits.has(name) ? AdminBody.number(limits, name, 0, most) : before;
  }

  static void show(ObjectNode json, CallerLimits limits) {
    ObjectNode shown = json.putObject("limits");
    put(shown, "requests_per_minute", limits.requestsPerMinute());
    put(shown, "images_per_minute", limits.imagesPerMinute());
    put(shown, "pixels_per_day", limits.pixelsPerDay());
    put(shown, "concurrent", limits.concurrent());
  }

  /** Null for what is not there: every member always stands. */
  static void put(ObjectNode json, String name, @Nullable Long value) {
    if (value == null) {
      json.set(name, Wire.nothing());
    } else {
      json.put(name, Objects.requireNonNull(value));
    }
  }
}
