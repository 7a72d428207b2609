package dev.moongate.http.dashscope;

import dev.moongate.error.ErrorCode;
import dev.moongate.error.GatewayException;
import dev.moongate.generation.Generation;
import dev.moongate.generation.Generations;
import dev.moongate.http.Exchange;
import dev.moongate.http.Wire;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;

/** The generations of the caller's project as the vendor's tasks, wherever they were asked for. */
final class TaskEndpoint {
  private final Generations generations;
  private final TaskView view;
  private final InstantSource clock;

  TaskEndpoint(Generations generations, TaskView view, InstantSource clock) {
    this.generations = generations;
    this.view = view;
    this.clock = clock;
  }

  /** {@code GET /api/v1/tasks/{id}}. The vendor answers 200 for a task that it does not know. */
  void show(Exchange exchange) throws IOException {
    exchange.queries(Set.of());
    Optional<Generation> generation = find(exchange);
    exchange.json(
        200,
        generation
            .map(found -> view.task(exchange, found))
            .orElseGet(() -> TaskView.of(exchange, exchange.wildcard(), TaskStatus.UNKNOWN)));
  }

  /** {@code GET /api/v1/tasks}, with or without a slash at its end: the vendor has it with one. */
  void list(Exchange exchange) throws IOException {
    TaskList list = TaskList.of(exchange.queries(TaskList.PARAMETERS), clock.instant());
    int total = generations.count(exchange.caller(), list.query());
    exchange.json(
        200, list.json(exchange, total, generations.list(exchange.caller(), list.query())));
  }

  /** {@code POST /api/v1/tasks/{id}/cancel}: answers nothing but that it was done. */
  void cancel(Exchange exchange) throws IOException, InterruptedException {
    if (find(exchange).isEmpty()) {
      throw new GatewayException(
          ErrorCode.CANNOT_CANCEL,
          "There is no task %s in your project"
              .formatted(GatewayException.shown(exchange.wildcard())));
    }
    generations.cancel(exchange.caller(), exchange.wildcard());
    exchange.json(200, Wire.object().put("request_id", exchange.requestId()));
  }

  private Optional<Generation> find(Exchange exchange) {
    Optional<Generation> found = generations.find(exchange.caller(), exchange.wildcard());
    found.ifPresent(generation -> exchange.about(generation.id()));
    return found;
  }
}
