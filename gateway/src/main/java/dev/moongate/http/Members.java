package dev.moongate.http;

import dev.moongate.error.ErrorCode;
import dev.moongate.error.GatewayException;
import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads members of a caller's JSON by their exact type. Null is as good as absent; nothing is
 * converted.
 */
public final class Members {
  private final ObjectNode object;
  private final String path;
  private final ObjectNode defaults;

  public Members(ObjectNode object, String path) {
    this(object, path, Wire.object());
  }

  private Members(ObjectNode object, String path, ObjectNode defaults) {
    this.object = object;
    this.path = path;
    this.defaults = defaults;
  }

  /** The same, with values for members that are missing or null. */
  public Members or(ObjectNode others) {
    return new Members(object, path, others);
  }

  /** The object at {@code path}, or a refusal. */
  public static Members of(JsonNode node, String path) {
    if (node instanceof ObjectNode object) {
      return new Members(object, path);
    }
    throw wrongType(path, node, "an object");
  }

  public String path(String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  /** Whether the member stands there, be it as null. */
  public boolean has(String name) {
    return object.has(name);
  }

  /** Whether the caller's own JSON has a value for it. */
  public boolean says(String name) {
    return object.hasNonNull(name);
  }

  /** The member, unless it is missing or null. */
  public @Nullable JsonNode find(String name) {
    JsonNode value = object.get(name);
    return value == null || value.isNull() ? defaults.get(name) : value;
  }

  public @Nullable String text(String name) {
    JsonNode value = find(name);
    if (value == null || value.isString()) {
      return value == null ? null : value.stringValue();
    }
    throw wrongType(path(name), value, "a string");
  }

  public @Nullable Boolean flag(String name) {
    JsonNode value = find(name);
    if (value == null || value.isBoolean()) {
      return value == null ? null : value.booleanValue();
    }
    throw wrongType(path(name), value, "true or false");
  }

  /**
   * A whole number of any size that a long holds; 1.0 and 1e3 are not written as whole numbers and
   * are refused.
   */
  public @Nullable Long number(String name) {
    JsonNode value = find(name);
    if (value == null) {
      return null;
    }
    return number(path(name), value);
  }

  public static long number(String path, JsonNode value) {
    if (!value.isIntegralNumber()) {
      throw wrongType(path, value, "a whole number");
    }
    if (!value.canConvertToLong()) {
      throw new GatewayException(
          ErrorCode.INVALID_VALUE,
          path,
          "%s is %s, which is far out of range"
              .formatted(path, GatewayException.shown(value.asString())));
    }
    return value.longValue();
  }

  public @Nullable ArrayNode array(String name) {
    JsonNode value = find(name);
    return value == null ? null : array(path(name), value);
  }

  public static ArrayNode array(String path, JsonNode value) {
    if (value instanceof ArrayNode array) {
      return array;
    }
    throw wrongType(path, value, "an array");
  }

  /** Refuses every member that is not among {@code known}. */
  public void refuseOthers(Collection<String> known) {
    for (String name : object.propertyNames()) {
      if (!known.contains(name)) {
        throw unknown(name, known);
      }
    }
  }

  public GatewayException unknown(String name, Collection<String> known) {
    String nearest =
        known.stream()
            .filter(candidate -> alike(name, candidate))
            .min(Comparator.comparingInt(candidate -> Math.abs(candidate.length() - name.length())))
            .orElse("");
    return new GatewayException(
        ErrorCode.UNKNOWN_PARAMETER,
        GatewayException.shown(path(name)),
        "There is no member %s here%s"
            .formatted(
                GatewayException.shown(path(name)),
                nearest.isEmpty() ? "" : "; did you mean " + nearest + "?"));
  }

  public Collection<String> names() {
    return object.propertyNames();
  }

  public static GatewayException wrongType(String path, JsonNode value, String wanted) {
    return new GatewayException(
        ErrorCode.INVALID_TYPE,
        path,
        "%s is %s; it must be %s".formatted(path, kind(value), wanted));
  }

  private static String kind(JsonNode value) {
    return switch (value.getNodeType()) {
      case STRING -> "the string \"" + GatewayException.shown(value.stringValue()) + "\"";
      case NUMBER -> "the number " + GatewayException.shown(value.numberValue().toString());
      case BOOLEAN -> value.asString();
      case OBJECT -> "an object";
      case ARRAY -> "an array";
      default -> "null";
    };
  }

  /** The same but for case, dashes and a slip or two. */
  private static boolean alike(String a, String b) {
    String x = a.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
    String y = b.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
    boolean longer = y.length() > 2 && x.startsWith(y);
    if (x.equals(y) || (x.length() > 3 && (longer || y.startsWith(x)))) {
      return true;
    }
    int common = 0;
    while (common < Math.min(x.length(), y.length()) && x.charAt(common) == y.charAt(common)) {
      common++;
    }
    int end = 0;
    while (end < Math.min(x.length(), y.length()) - common
        && x.charAt(x.length() - 1 - end) == y.charAt(y.length() - 1 - end)) {
      end++;
    }
    return y.length() > 2 && Math.max(x.length(), y.length()) - common - end <= 2;
  }
}
