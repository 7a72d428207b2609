package dev.moongate.http.models;

import dev.moongate.error.ErrorCode;
import dev.moongate.error.GatewayException;
import dev.moongate.http.Access;
import dev.moongate.http.Exchange;
import dev.moongate.http.Route;
import dev.moongate.http.Wire;
import dev.moongate.model.Alias;
import dev.moongate.model.Catalogue;
import dev.moongate.model.Model;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code GET /v1/models} and {@code /v1/models/{id}}: the catalogue and its aliases in OpenAI's
 * shape, with what each model takes and costs. The list has what the key may use.
 */
public final class ModelRoutes {
  private final Catalogue catalogue;
  private final String currency;
  private final Duration longestLink;

  private ModelRoutes(Catalogue catalogue, String currency, Duration longestLink) {
    this.catalogue = catalogue;
    this.currency = currency;
    this.longestLink = longestLink;
  }

  /**
   * The routes.
   *
   * @param currency of the ledger: in it prices are told
   * @param longestLink how long the server lets links live
   */
  public static List<Route> of(Catalogue catalogue, String currency, Duration longestLink) {
    ModelRoutes models = new ModelRoutes(catalogue, currency, longestLink);
    return List.of(
        new Route("GET", "/v1/models", Access.READ_ONLY, models::list),
        new Route("GET", "/v1/models/**", Access.READ_ONLY, models::one));
  }

  private void list(Exchange exchange) throws Exception {
    ObjectNode json = Wire.object().put("object", "list");
    ArrayNode data = json.putArray("data");
    Stream.concat(
            catalogue.list().stream().map(Model::id), catalogue.aliases().stream().map(Alias::name))
        .map(name -> catalogue.resolve(name).orElseThrow())
        .filter(named -> exchange.caller().terms().allows(named.model().id()))
        .forEach(named -> data.add(view(exchange, named)));
    exchange.json(200, json);
  }

  private void one(Exchange exchange) throws Exception {
    String id = decoded(exchange.wildcard());
    Alias named =
        catalogue
            .resolve(id)
            .orElseThrow(() ->
                new GatewayException(
                    ErrorCode.MODEL_NOT_FOUND,
                    "model",
                    "There is no model %s; GET /v1/models lists them"
                        .formatted(GatewayException.shown(id))));
    exchange.json(200, view(exchange, named));
  }

  private ObjectNode view(Exchange exchange, Alias named) {
    return new ModelView(currency, longestLink, exchange.caller().terms()).of(named);
  }

  private static String decoded(String path) {
    try {
      return URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return path;
    }
  }
}
