package dev.moongate.db;

import dev.moongate.auth.CallerLimits;
import dev.moongate.auth.KeyTerms;
import dev.moongate.auth.Project;
import dev.moongate.auth.Role;
import dev.moongate.image.ResponseFormat;
import java.sql.SQLException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Terms and limits as columns, and as the audit log shows them. */
final class KeyTermsRow {
  private KeyTermsRow() {}

  static KeyTerms read(Row row) throws SQLException {
    String models = row.textOrNull("models");
    String format = row.textOrNull("response_format");
    return new KeyTerms(
        Role.valueOf(row.text("role")),
        models == null ? null : models(models),
        limits(row, ""),
        row.integer("weight"),
        format == null ? null : ResponseFormat.valueOf(format),
        duration(row, "answer_within"),
        duration(row, "link_life"),
        row.truth("lenient"));
  }

  /** The limits of a row whose columns begin with {@code prefix}. */
  static CallerLimits limits(Row row, String prefix) throws SQLException {
    return new CallerLimits(
        row.numberOrNull(prefix + "requests_per_minute"),
        row.numberOrNull(prefix + "images_per_minute"),
        row.numberOrNull(prefix + "pixels_per_day"),
        row.numberOrNull(prefix + "concurrent"));
  }

  static @Nullable String models(@Nullable Set<String> models) {
    return models == null ? null : String.join("\n", new TreeSet<>(models));
  }

  private static Set<String> models(String lines) {
    return Arrays.stream(lines.split("\n"))
        .filter(line -> !line.isEmpty())
        .collect(Collectors.toSet());
  }

  static @Nullable Long micros(@Nullable Duration duration) {
    return duration == null ? null : duration.toNanos() / 1000;
  }

  private static @Nullable Duration duration(Row row, String column) throws SQLException {
    Long micros = row.numberOrNull(column);
    return micros == null ? null : Duration.of(micros, ChronoUnit.MICROS);
  }

  /** For the audit log; members without a value are left out. */
  static ObjectNode detail(KeyTerms terms) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("role", terms.role().wireName());
    if (terms.models() != null) {
      new TreeSet<>(terms.models()).forEach(json.putArray("models")::add);
    }
    json.put("weight", terms.weight());
    detail(json, terms.limits());
    if (terms.responseFormat() != null) {
      json.put("response_format", terms.responseFormat().wireName());
    }
    if (terms.answerWithin() != null) {
      json.put("answer_within", terms.answerWithin().toString());
    }
    if (terms.linkLife() != null) {
      json.put("link_life", terms.linkLife().toString());
    }
    json.put("lenient", terms.lenient());
    return json;
  }

  static ObjectNode detail(Project project) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("name", project.name());
    json.put("weight", project.weight());
    detail(json, project.limits());
    json.put("disabled", project.disabledAt() != null);
    return json;
  }

  private static void detail(ObjectNode json, CallerLimits limits) {
    put(json, "requests_per_minute", limits.requestsPerMinute());
    put(json, "images_per_minute", limits.imagesPerMinute());
    put(json, "pixels_per_day", limits.pixelsPerDay());
    put(json, "concurrent", limits.concurrent());
  }

  private static void put(ObjectNode json, String name, @Nullable Long value) {
    if (value != null) {
      json.put(name, value);
    }
  }
}
