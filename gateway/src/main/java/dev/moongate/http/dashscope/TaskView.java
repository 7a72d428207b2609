package dev.moongate.http.dashscope;

import dev.moongate.error.GatewayException;
import dev.moongate.generation.Failure;
import dev.moongate.generation.Generation;
import dev.moongate.generation.State;
import dev.moongate.http.Exchange;
import dev.moongate.http.Wire;
import dev.moongate.http.images.GenerationView;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A generation in the vendor's two shapes: the answer of a synchronous call, and a task. What the
 * provider said stands there as it was kept, with our links; ids and times are the gateway's own,
 * because they are what can be asked for here.
 */
final class TaskView {
  /** The vendor's times say no zone; they are China's. */
  static final ZoneId ZONE = ZoneId.of("Asia/Shanghai");

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS").withZone(ZONE);
  private static final Set<String> OF_THE_TASK =
      Set.of("task_id", "task_status", "submit_time", "scheduled_time", "end_time");

  private final GenerationView view;

  TaskView(GenerationView view) {
    this.view = view;
  }

  /** A task of which nothing else is told. */
  static ObjectNode of(Exchange exchange, String id, TaskStatus status) {
    ObjectNode json = Wire.object().put("request_id", exchange.requestId());
    json.putObject("output").put("task_id", id).put("task_status", status.name());
    return json;
  }

  /** What a synchronous call answers when the pictures are there. */
  ObjectNode answer(Exchange exchange, Generation generation) {
    ObjectNode json = Wire.object().put("request_id", exchange.requestId());
    json.putObject("output");
    return filled(json, exchange, generation);
  }

  /** What a poll answers. */
  ObjectNode task(Exchange exchange, Generation generation) {
    ObjectNode json = of(exchange, generation.id(), TaskStatus.of(generation.state()));
    ObjectNode output = (ObjectNode) json.required("output");
    put(output, "submit_time", generation.createdAt());
    put(output, "scheduled_time", generation.submittedAt());
    put(output, "end_time", generation.state().terminal() ? generation.settledAt() : null);
    Failure failure = generation.failure();
    if (failure != null && generation.state() != State.CANCELLED) {
      GatewayException error = failure.toException(generation.id());
      // The vendor shows it here, or flat; its own SDKs read one or the other.
      for (ObjectNode place : new ObjectNode[] {json, output}) {
        place.put("code", VendorError.of(error.code()).code());
        place.put("message", DashScopeErrors.message(error));
      }
    }
    return filled(json, exchange, generation);
  }

  /** With the rest of what the provider said. */
  private ObjectNode filled(ObjectNode json, Exchange exchange, Generation generation) {
    if (!generation.state().terminal()) {
      return json;
    }
    JsonNode kept = view.metadata(exchange, generation);
    ObjectNode output = (ObjectNode) json.required("output");
    if (kept instanceof ObjectNode told) {
      told.path("output")
          .properties()
          .forEach(member -> {
            if (!OF_THE_TASK.contains(member.getKey()) && !output.has(member.getKey())) {
              output.set(member.getKey(), member.getValue());
            }
          });
      told.properties()
          .forEach(member -> {
            if (!json.has(member.getKey())) {
              json.set(member.getKey(), member.getValue());
            }
          });
    }
    JsonNode warnings = GenerationView.warnings(generation);
    if (warnings != null) {
      json.set("warnings", warnings);
    }
    return json;
  }

  private static void put(ObjectNode output, String name, @Nullable Instant at) {
    if (at != null) {
      output.put(name, TIME.format(at));
    }
  }
}
