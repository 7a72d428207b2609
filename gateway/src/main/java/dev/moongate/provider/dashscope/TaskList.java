package dev.moongate.provider.dashscope;

import dev.moongate.provider.ListedTask;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One page of the vendor's list of tasks, as read.
 *
 * @param pages how many there are
 * @param total how many tasks are on all of them; null if it does not say
 */
record TaskList(List<ListedTask> tasks, long pages, @Nullable Long total) {

  TaskList {
    tasks = List.copyOf(tasks);
  }

  /** Null if the body is no such page. */
  static @Nullable TaskList parse(JsonMapper json, byte[] body) {
    JsonNode root;
    try {
      root = json.readTree(body);
    } catch (JacksonException notJson) {
      return null;
    }
    Long total = count(root, "total");
    Long pages = count(root, "total_page");
    JsonNode data = root.path("data");
    if (data.isEmpty() && total != null && total == 0) {
      return new TaskList(List.of(), 0, total);
    }
    // Without the number of its pages nobody knows whether it is all of them.
    if (!data.isArray() || pages == null || pages < Math.min(1, data.size())) {
      return null;
    }
    List<ListedTask> tasks = new ArrayList<>();
    for (JsonNode item : data) {
      String id = text(item, "task_id");
      if (id == null || !Answer.isTaskId(id)) {
        // A line we cannot name may be the one that is looked for: then the list proves nothing.
        return null;
      }
      String status = text(item, "status");
      tasks.add(
          new ListedTask(
              id,
              status == null ? "UNKNOWN" : status,
              text(item, "model_name"),
              text(item, "api_key_id"),
              text(item, "request_id"),
              created(item)));
    }
    return new TaskList(tasks, pages, total);
  }

  private static @Nullable Long count(JsonNode root, String name) {
    JsonNode count = root.path(name);
    return count.isIntegralNumber() && count.canConvertToLong() ? count.longValue() : null;
  }

  private static @Nullable Instant created(JsonNode item) {
    for (String name : List.of("gmt_create", "start_time")) {
      JsonNode time = item.path(name);
      if (time.isIntegralNumber() && time.canConvertToLong()) {
        return Instant.ofEpochMilli(time.longValue());
      }
    }
    return null;
  }

  private static @Nullable String text(JsonNode item, String name) {
    JsonNode value = item.path(name);
    return value.isString() ? value.stringValue() : value.isNumber() ? value.asString() : null;
  }
}
