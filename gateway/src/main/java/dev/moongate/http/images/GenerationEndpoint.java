package dev.moongate.http.images;

import dev.moongate.error.ErrorCode;
import dev.moongate.error.GatewayException;
import dev.moongate.generation.Generation;
import dev.moongate.generation.Generations;
import dev.moongate.generation.KeptGenerations.Query;
import dev.moongate.generation.State;
import dev.moongate.http.Exchange;
import dev.moongate.http.Wire;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The generations of the caller's own project at their own addresses, alive or ended. */
final class GenerationEndpoint {
  private static final int LONGEST_WAIT = 60;
  private static final int LARGEST_PAGE = 100;
  private static final int USUAL_PAGE = 20;
  private static final Set<String> LIST_QUERY =
      Set.of("limit", "after", "status", "model", "created_after", "created_before");
  private static final long LAST_SECOND = 253_402_300_799L;

  private final Generations generations;
  private final GenerationView view;

  GenerationEndpoint(Generations generations, GenerationView view) {
    this.generations = generations;
    this.view = view;
  }

  /** {@code GET /v1/images/generations/{id}?wait=N}. */
  void show(Exchange exchange) throws IOException, InterruptedException {
    String wait = exchange.queries(Set.of("wait")).get("wait");
    Generation generation = require(exchange);
    if (wait != null) {
      long seconds = Exchange.number("wait", wait, 0, LONGEST_WAIT);
      exchange.mayWait();
      generation = generations.await(generation.id(), Duration.ofSeconds(seconds));
    }
    exchange.json(200, view.object(exchange, generation));
  }

  /** {@code GET /v1/images/generations}: newest first, in pages. */
  void list(Exchange exchange) throws IOException {
    Map<String, String> query = exchange.queries(LIST_QUERY);
    int limit =
        query.containsKey("limit")
            ? (int) Exchange.number("limit", query.get("limit"), 1, LARGEST_PAGE)
            : USUAL_PAGE;
    List<Generation> found =
        generations.list(
            exchange.caller(),
            new Query(
                limit + 1,
                query.get("after"),
                states(query.get("status")),
                query.get("model"),
                moment(query, "created_after"),
                moment(query, "created_before")));
    List<Generation> page = found.subList(0, Math.min(limit, found.size()));
    ObjectNode json = Wire.object().put("object", "list");
    ArrayNode data = json.putArray("data");
    page.forEach(generation -> data.add(view.object(exchange, generation)));
    json.put("first_id", page.isEmpty() ? null : page.getFirst().id());
    json.put("last_id", page.isEmpty() ? null : page.getLast().id());
    json.put("has_more", found.size() > limit);
    exchange.json(200, json);
  }

  /** {@code POST /v1/images/generations/{id}/cancel}. */
  void cancel(Exchange exchange) throws IOException, InterruptedException {
    exchange.about(exchange.wildcard());
    Generation generation = generations.cancel(exchange.caller(), exchange.wildcard());
    exchange.json(200, view.object(exchange, generation));
  }

  /** {@code DELETE /v1/images/generations/{id}}. */
  void delete(Exchange exchange) throws IOException {
    String id = require(exchange).id();
    generations.delete(exchange.caller(), id);
    exchange.json(
        200, Wire.object().put("id", id).put("object", "image.generation").put("deleted", true));
  }

  private Generation require(Exchange exchange) {
    Generation generation =
        generations
            .find(exchange.caller(), exchange.wildcard())
            .orElseThrow(() ->
                new GatewayException(
                    ErrorCode.NOT_FOUND,
                    "There is no generation %s in your project"
                        .formatted(GatewayException.shown(exchange.wildcard()))));
    exchange.about(generation.id());
    return generation;
  }

  private static List<State> states(@Nullable String status) {
    if (status == null) {
      return List.of();
    }
    Map<String, List<State>> byStatus =
        Arrays.stream(State.values())
            .collect(
                Collectors.groupingBy(
                    State::status, Collectors.mapping(Function.identity(), Collectors.toList())));
    List<State> states = byStatus.get(status);
    if (states == null) {
      throw new GatewayException(
          ErrorCode.INVALID_VALUE,
          "status",
          "status must be one of queued, running, succeeded, failed, cancelled, not "
              + GatewayException.shown(status));
    }
    return states;
  }

  private static @Nullable Instant moment(Map<String, String> query, String name) {
    String text = query.get(name);
    return text == null ? null : Instant.ofEpochSecond(Exchange.number(name, text, 0, LAST_SECOND));
  }
}
