package dev.moongate.http.images;

import dev.moongate.error.ErrorCode;
import dev.moongate.error.GatewayException;
import dev.moongate.generation.Generation;
import dev.moongate.generation.Generations;
import dev.moongate.http.Endpoint;
import dev.moongate.http.Exchange;

/**
 * {@code GET /v1/images/generations/{id}}: a generation of the caller's own project, alive or
 * ended.
 */
public final class GenerationEndpoint implements Endpoint {
  private final Generations generations;
  private final GenerationView view;

  GenerationEndpoint(Generations generations, GenerationView view) {
    this.generations = generations;
    this.view = view;
  }

  @Override
  public void answer(Exchange exchange) throws Exception {
    Generation generation =
        generations
            .find(exchange.caller(), exchange.wildcard())
            .orElseThrow(() ->
                new GatewayException(
                    ErrorCode.NOT_FOUND,
                    "There is no generation %s in your project"
                        .formatted(GatewayException.shown(exchange.wildcard()))));
    exchange.about(generation.id());
    exchange.json(200, view.object(exchange, generation));
  }
}
