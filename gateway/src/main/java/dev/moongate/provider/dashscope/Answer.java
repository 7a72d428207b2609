package dev.moongate.provider.dashscope;

import dev.moongate.provider.ApiKey;
import dev.moongate.provider.CallOutcome;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** One JSON answer of the vendor, read with suspicion: any member may be missing or nonsense. */
final class Answer {
  /** The vendor's own are UUIDs; another gateway's have an underscore. */
  private static final Pattern TASK_ID = Pattern.compile("[A-Za-z0-9_-]{1,64}");

  private static final Pattern REQUEST_ID = Pattern.compile("[\\x21-\\x7e]{1,128}");
  private static final int SHORTEST_SECRET = 6;
  private static final long MOST_IMAGES = 1_000;

  private final ObjectNode root;

  private Answer(ObjectNode root) {
    this.root = root;
  }

  /**
   * Empty if the body is not one JSON object.
   *
   * @param key blotted out wherever the answer repeats it
   */
  static Optional<Answer> parse(JsonMapper json, CallOutcome.Answered answered, ApiKey key) {
    if (answered.encoded()) {
      return Optional.empty();
    }
    try {
      String text = answered.body().toString();
      boolean leaks = key.secret().length() >= SHORTEST_SECRET && text.contains(key.secret());
      return json.readTree(leaks ? text.replace(key.secret(), "***") : text)
              instanceof ObjectNode object
          ? Optional.of(new Answer(object))
          : Optional.empty();
    } catch (JacksonException notJson) {
      return Optional.empty();
    }
  }

  /**
   * The vendor's error code, from the flat form, from within {@code output}, or from the {@code
   * error} object of its OpenAI-like hosts; null if there is none.
   */
  @Nullable String code() {
    String flat = text(root.path("code"));
    String inner = flat != null ? flat : text(root.path("output").path("code"));
    return inner != null ? inner : text(root.path("error").path("code"));
  }

  String message() {
    for (JsonNode place : List.of(root, root.path("output"), root.path("error"))) {
      String message = text(place.path("message"));
      if (message != null) {
        return message;
      }
    }
    return "";
  }

  @Nullable String requestId() {
    String id = text(root.path("request_id"));
    return id != null && REQUEST_ID.matcher(id).matches() ? id : null;
  }

  boolean hasOutput() {
    return root.path("output").isObject() && !root.path("output").isEmpty();
  }

  boolean hasChoices() {
    return root.path("output").path("choices").isArray();
  }

  /** Whether this can stand in a path, and names a task. */
  static boolean isTaskId(String id) {
    return TASK_ID.matcher(id).matches();
  }

  boolean namesTask() {
    JsonNode id = root.path("output").path("task_id");
    return !id.isMissingNode() && !id.isNull();
  }

  /** The task's id; null if there is none or it is none of the vendor's making. */
  @Nullable String taskId() {
    String id = text(root.path("output").path("task_id"));
    return id != null && isTaskId(id) ? id : null;
  }

  @Nullable String taskStatus() {
    return text(root.path("output").path("task_status"));
  }

  /** Links of pictures over choices and content, in order, each once; text items are none. */
  List<String> links() {
    LinkedHashSet<String> links = new LinkedHashSet<>();
    imageItems().forEach(item -> links.add(item.path("image").stringValue()));
    return List.copyOf(links);
  }

  /** What the vendor says it bills; null if it is missing or cannot be. */
  @Nullable Integer imageCount() {
    JsonNode count = root.path("usage").path("image_count");
    boolean sane =
        count.isIntegralNumber()
            && count.canConvertToLong()
            && count.longValue() >= 0
            && count.longValue() <= MOST_IMAGES;
    return sane ? (int) count.longValue() : null;
  }

  /** The whole answer, with {@code replacement} of its index in place of each link. */
  String withLinksReplaced(java.util.function.IntFunction<String> replacement) {
    ObjectNode copy = root.deepCopy();
    replace(copy, links(), replacement);
    return copy.toString();
  }

  private List<JsonNode> imageItems() {
    List<JsonNode> items = new ArrayList<>();
    for (JsonNode choice : root.path("output").path("choices")) {
      for (JsonNode item : choice.path("message").path("content")) {
        String type = text(item.path("type"));
        if (text(item.path("image")) != null && (type == null || type.equals("image"))) {
          items.add(item);
        }
      }
    }
    return items;
  }

  // Wherever a link stands it is replaced: the vendor repeats members between its shapes.
  private static void replace(
      JsonNode node, List<String> links, java.util.function.IntFunction<String> replacement) {
    switch (node) {
      case ObjectNode object -> {
        for (String name : List.copyOf(object.propertyNames())) {
          int index = indexOf(object.get(name), links);
          if (index >= 0) {
            object.put(name, replacement.apply(index));
          } else {
            replace(object.get(name), links, replacement);
          }
        }
      }
      case ArrayNode array -> {
        for (int i = 0; i < array.size(); i++) {
          int index = indexOf(array.get(i), links);
          if (index >= 0) {
            array.set(i, replacement.apply(index));
          } else {
            replace(array.get(i), links, replacement);
          }
        }
      }
      default -> {}
    }
  }

  private static int indexOf(JsonNode node, List<String> links) {
    return node.isString() ? links.indexOf(node.stringValue()) : -1;
  }

  private static @Nullable String text(JsonNode node) {
    return node.isString() && !node.stringValue().isBlank() ? node.stringValue() : null;
  }
}
