package dev.moongate.http.dashscope;

import dev.moongate.error.ErrorCode;
import dev.moongate.error.GatewayException;
import dev.moongate.generation.Generation;
import dev.moongate.generation.KeptGenerations.Query;
import dev.moongate.generation.State;
import dev.moongate.http.Exchange;
import dev.moongate.http.Wire;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One page of the vendor's list of tasks: those of at most 24 hours, newest first, flat, with times
 * in epoch milliseconds.
 */
record TaskList(int page, int size, Query query) {
  /** Its query parameters. */
  static final Set<String> PARAMETERS =
      Set.of("start_time", "end_time", "model_name", "status", "page_no", "page_size");

  private static final Duration LONGEST = Duration.ofHours(24);
  private static final int USUAL_SIZE = 10;
  private static final int LARGEST_SIZE = 100;
  private static final int LAST_PAGE = 1_000_000;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuuMMddHHmmss")
          .withZone(TaskView.ZONE)
          .withResolverStyle(ResolverStyle.STRICT);

  /** The page that a query asks for. */
  static TaskList of(Map<String, String> asked, Instant now) {
    int page = number(asked, "page_no", 1, LAST_PAGE);
    int size = number(asked, "page_size", USUAL_SIZE, LARGEST_SIZE);
    Instant end = time(asked, "end_time", now);
    Instant start = time(asked, "start_time", end.minus(LONGEST));
    if (start.isAfter(end) || Duration.between(start, end).compareTo(LONGEST) > 0) {
      throw invalid(
          "start_time", "start_time must be before end_time, by 24 hours at most; now is the end");
    }
    return new TaskList(
        page,
        size,
        new Query(
            size,
            null,
            (page - 1) * size,
            states(asked.get("status")),
            asked.get("model_name"),
            start,
            end.plusSeconds(1)));
  }

  ObjectNode json(Exchange exchange, int total, List<Generation> found) {
    ObjectNode json = Wire.object().put("request_id", exchange.requestId());
    json.put("total", total).put("total_page", Math.ceilDiv(total, size));
    json.put("page_no", page).put("page_size", size);
    ArrayNode data = json.putArray("data");
    for (Generation generation : found) {
      ObjectNode item = data.addObject();
      item.put("task_id", generation.id());
      item.put("status", TaskStatus.of(generation.state()).name());
      item.put("model_name", generation.request().model());
      item.put("api_key_id", generation.keyId()).put("caller_uid", generation.project());
      item.put("gmt_create", generation.createdAt().toEpochMilli());
      put(item, "start_time", generation.submittedAt());
      put(item, "end_time", generation.settledAt());
    }
    return json;
  }

  private static void put(ObjectNode item, String name, @Nullable Instant at) {
    if (at != null) {
      item.put(name, at.toEpochMilli());
    }
  }

  private static int number(Map<String, String> asked, String name, int usual, int most) {
    String text = asked.get(name);
    return text == null ? usual : (int) Exchange.number(name, text, 1, most);
  }

  private static Instant time(Map<String, String> asked, String name, Instant usual) {
    String text = asked.get(name);
    if (text == null) {
      return usual;
    }
    try {
      return LocalDateTime.parse(text, TIME).atZone(TaskView.ZONE).toInstant();
    } catch (DateTimeParseException e) {
      throw invalid(
          name,
          "%s is %s; it must be YYYYMMDDhhmmss, in China time"
              .formatted(name, GatewayException.shown(text)));
    }
  }

  private static List<State> states(@Nullable String status) {
    if (status == null) {
      return List.of();
    }
    List<State> states =
        Arrays.stream(State.values())
            .filter(state -> TaskStatus.of(state).name().equals(status))
            .toList();
    if (states.isEmpty()) {
      throw invalid(
          "status",
          "status is %s; it must be PENDING, RUNNING, SUCCEEDED, FAILED or CANCELED"
              .formatted(GatewayException.shown(status)));
    }
    return states;
  }

  private static GatewayException invalid(String param, String message) {
    return new GatewayException(ErrorCode.INVALID_VALUE, param, message);
  }
}
