package dev.moongate.http.admin;

import dev.moongate.generation.Generation;
import dev.moongate.generation.GenerationRows;
import dev.moongate.generation.KeptGenerations;
import dev.moongate.generation.KeptGenerations.Attempt;
import dev.moongate.http.Exchange;
import dev.moongate.http.ListPage;
import dev.moongate.http.Wire;
import dev.moongate.http.images.GenerationQuery;
import dev.moongate.http.images.GenerationView;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code /admin/v1/generations}: those of all projects, with the account that serves them, which
 * nobody else is shown.
 */
record AdminGenerationEndpoint(GenerationRows rows, KeptGenerations kept, GenerationView view) {
  void list(Exchange exchange) throws IOException {
    Set<String> known = new TreeSet<>(GenerationQuery.PARAMETERS);
    known.addAll(Set.of("project", "key", "account"));
    Map<String, String> query = exchange.queries(known);
    ListPage page = ListPage.of(query);
    List<Generation> found =
        kept.listAll(
            new KeptGenerations.Whose(query.get("project"), query.get("key"), query.get("account")),
            GenerationQuery.of(query, page));
    exchange.json(
        200, page.json(found, Generation::id, generation -> object(exchange, generation)));
  }

  void show(Exchange exchange) throws IOException {
    String id = exchange.wildcard();
    Generation generation = rows.find(id).orElseThrow(() -> AdminBody.unknown("generation", id));
    exchange.about(generation.id());
    ObjectNode json = object(exchange, generation);
    ArrayNode attempts = json.putArray("attempts");
    kept.attempts(id).forEach(attempt -> attempts.add(attempt(attempt)));
    exchange.json(200, json);
  }

  private ObjectNode object(Exchange exchange, Generation generation) {
    return view.object(exchange, generation)
        .put("project", generation.project())
        .put("key", generation.keyId())
        .put("account", generation.account());
  }

  private static ObjectNode attempt(Attempt attempt) {
    ObjectNode json =
        Wire.object()
            .put("number", attempt.number())
            .put("account", attempt.account())
            .put("outcome", attempt.outcome().name().toLowerCase(Locale.ROOT))
            .put("task", attempt.task())
            .put("request_id", attempt.requestId())
            .put("reason", attempt.reason())
            .put("begun_at", attempt.begunAt().getEpochSecond());
    LimitMembers.put(json, "answered_at", ProjectEndpoint.seconds(attempt.answeredAt()));
    return json;
  }
}
