package dev.moongate.http.models;

import dev.moongate.error.ErrorCode;
import dev.moongate.error.GatewayException;
import dev.moongate.http.Access;
import dev.moongate.http.Exchange;
import dev.moongate.http.Route;
import dev.moongate.http.Wire;
import dev.moongate.model.Catalogue;
import dev.moongate.model.Model;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code GET /v1/models} and {@code /v1/models/{id}}: the catalogue in OpenAI's shape, with what
 * each model takes and costs. The list has what the key may use.
 */
public final class ModelRoutes {
  private final Catalogue catalogue;
  private final String currency;

  private ModelRoutes(Catalogue catalogue, String currency) {
    this.catalogue = catalogue;
    this.currency = currency;
  }

  /**
   * The routes.
   *
   * @param currency of the ledger: in it prices are told
   */
  public static List<Route> of(Catalogue catalogue, String currency) {
    ModelRoutes models = new ModelRoutes(catalogue, currency);
    return List.of(
        new Route("GET", "/v1/models", Access.READ_ONLY, models::list),
        new Route("GET", "/v1/models/**", Access.READ_ONLY, models::one));
  }

  private void list(Exchange exchange) throws Exception {
    ObjectNode json = Wire.object().put("object", "list");
    ArrayNode data = json.putArray("data");
    catalogue.list().stream()
        .filter(model -> exchange.caller().terms().allows(model.id()))
        .forEach(model -> data.add(ModelView.of(model, currency)));
    exchange.json(200, json);
  }

  private void one(Exchange exchange) throws Exception {
    String id = decoded(exchange.wildcard());
    Model model =
        catalogue
            .find(id)
            .orElseThrow(() ->
                new GatewayException(
                    ErrorCode.MODEL_NOT_FOUND,
                    "model",
                    "There is no model %s; GET /v1/models lists them"
                        .formatted(GatewayException.shown(id))));
    exchange.json(200, ModelView.of(model, currency));
  }

  private static String decoded(String path) {
    try {
      return URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return path;
    }
  }
}
