package dev.moongate.http.images;

import dev.moongate.error.ErrorCode;
import dev.moongate.error.GatewayException;
import dev.moongate.generation.Generation;
import dev.moongate.generation.Generations;
import dev.moongate.http.Exchange;
import dev.moongate.http.ListPage;
import dev.moongate.http.Wire;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The generations of the caller's own project at their own addresses, alive or ended. */
final class GenerationEndpoint {
  private static final int LONGEST_WAIT = 60;

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
    Map<String, String> query = exchange.queries(GenerationQuery.PARAMETERS);
    ListPage page = ListPage.of(query);
    List<Generation> found = generations.list(exchange.caller(), GenerationQuery.of(query, page));
    exchange.json(
        200, page.json(found, Generation::id, generation -> view.object(exchange, generation)));
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
}
