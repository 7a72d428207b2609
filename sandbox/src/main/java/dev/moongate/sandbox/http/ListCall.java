package dev.moongate.sandbox.http;

import dev.moongate.sandbox.ask.ErrorTable;
import dev.moongate.sandbox.ask.VendorError;
import dev.moongate.sandbox.task.RateWindow;
import dev.moongate.sandbox.task.Task;
import dev.moongate.sandbox.task.Tasks;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.function.Predicate;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Fields;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The task list: flat, times in epoch milliseconds, every task of the account, no prompts. */
final class ListCall {
  private static final DateTimeFormatter QUERY_TIME =
      DateTimeFormatter.ofPattern("yyyyMMddHHmmss").withZone(ZoneId.of("Asia/Shanghai"));
  private static final Duration WINDOW = Duration.ofHours(24);

  private final Tasks tasks;
  private final RateWindow rate;
  private final Clock clock;

  ListCall(Tasks tasks, RateWindow rate, Clock clock) {
    this.tasks = tasks;
    this.rate = rate;
    this.clock = clock;
  }

  void handle(Exchange exchange) {
    Account.require(exchange.header("Authorization"));
    if (!rate.tryTake()) {
      throw ErrorTable.refusal("Throttling.RateQuota");
    }
    Fields query = Request.extractQueryParameters(exchange.request());
    List<Task> found = tasks.list().stream().filter(filter(query)).toList();
    int page = number(query, "page_no", 1, Integer.MAX_VALUE);
    int size = number(query, "page_size", 10, 100);
    ObjectNode answer = exchange.newAnswer();
    answer.put("total", found.size());
    answer.put("total_page", (found.size() + size - 1) / size);
    answer.put("page_no", page);
    answer.put("page_size", size);
    ArrayNode data = answer.putArray("data");
    found.stream().skip((page - 1L) * size).limit(size).forEach(task -> item(data, task));
    exchange.answer(answer);
  }

  private static void item(ArrayNode data, Task task) {
    ObjectNode item = data.addObject();
    item.put("api_key_id", task.apiKeyId());
    item.put("caller_uid", "sandbox");
    item.put("gmt_create", task.submitted().toEpochMilli());
    if (task.scheduled() != null) {
      item.put("start_time", task.scheduled().toEpochMilli());
    }
    if (task.ended() != null) {
      item.put("end_time", task.ended().toEpochMilli());
    }
    item.put("model_name", task.ask().model());
    item.put("region", "sandbox");
    item.put("request_id", task.requestId());
    item.put("status", task.status().name());
    item.put("task_id", task.id());
    item.put("user_api_unique_key", "sandbox:" + task.ask().model());
  }

  private Predicate<Task> filter(Fields query) {
    String id = query.getValue("task_id");
    String model = query.getValue("model_name");
    String status = query.getValue("status");
    String key = query.getValue("api_key_id");
    Instant end = time(query, "end_time", clock.instant().plusSeconds(1));
    Instant start = time(query, "start_time", end.minus(WINDOW));
    if (Duration.between(start, end).compareTo(WINDOW) > 0) {
      throw new VendorError(
          400, "InvalidParameter", "start_time and end_time must be at most 24 hours apart");
    }
    return task ->
        (id == null || id.equals(task.id()))
            && (model == null || model.equals(task.ask().model()))
            && (status == null || status.equals(task.status().name()))
            && (key == null || key.equals(task.apiKeyId()))
            && !task.submitted().isBefore(start)
            && task.submitted().isBefore(end.plusSeconds(1));
  }

  private static Instant time(Fields query, String name, Instant absent) {
    String text = query.getValue(name);
    if (text == null || text.isEmpty()) {
      return absent;
    }
    try {
      return LocalDateTime.parse(text, QUERY_TIME).atZone(ZoneId.of("Asia/Shanghai")).toInstant();
    } catch (DateTimeParseException e) {
      throw new VendorError(400, "InvalidParameter", name + " must be YYYYMMDDhhmmss");
    }
  }

  private static int number(Fields query, String name, int absent, int most) {
    String text = query.getValue(name);
    if (text == null || text.isEmpty()) {
      return absent;
    }
    if (!text.matches("[1-9][0-9]{0,8}") || Integer.parseInt(text) > most) {
      throw new VendorError(400, "InvalidParameter", name + " is out of range");
    }
    return Integer.parseInt(text);
  }
}
