package dev.moongate.http.admin;

import dev.moongate.generation.QueueRows;
import dev.moongate.http.Exchange;
import dev.moongate.http.ListPage;
import dev.moongate.http.Wire;
import dev.moongate.routing.Account;
import dev.moongate.routing.AccountHealth;
import dev.moongate.routing.AccountLane;
import dev.moongate.routing.Flow;
import dev.moongate.routing.Routes;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code GET /admin/v1/accounts}: the provider accounts, and how they are doing. */
record AccountEndpoint(Routes routes, QueueRows rows, InstantSource clock) {
  /** Longer than anything that waits is held back. */
  private static final Duration EVENTUALLY = Duration.ofDays(1);

  void list(Exchange exchange) throws IOException {
    exchange.queries(Set.of());
    List<AccountLane> lanes = routes.lanes();
    exchange.json(
        200,
        new ListPage(Math.max(1, lanes.size()), null)
            .json(lanes, lane -> lane.account().name(), this::view));
  }

  private ObjectNode view(AccountLane lane) {
    Account account = lane.account();
    Instant now = clock.instant();
    ObjectNode json = Wire.object();
    json.put("object", "account");
    json.put("name", account.name());
    json.put("provider", account.provider());
    json.put("mode", account.api().mode().name().toLowerCase(Locale.ROOT));
    ArrayNode models = json.putArray("models");
    routes.models().stream().filter(model -> routes.of(model).contains(lane)).forEach(models::add);
    ObjectNode limits = json.putObject("limits");
    LimitMembers.put(limits, "submits_per_second", wide(account.limits().submitsPerSecond()));
    LimitMembers.put(limits, "running", wide(account.limits().running()));
    LimitMembers.put(limits, "polls_per_second", wide(account.limits().pollsPerSecond()));
    json.put("running", rows.running(account.name(), Set.of()));
    json.put(
        "queued",
        rows.flows(account.name(), now.plus(EVENTUALLY), Set.of()).stream()
            .mapToInt(Flow::waiting)
            .sum());
    AccountHealth.Standing standing = lane.health().standing(now);
    ObjectNode health = json.putObject("health");
    health.put("state", standing.condition().name().toLowerCase(Locale.ROOT));
    LimitMembers.put(health, "until", ProjectEndpoint.seconds(standing.until()));
    LimitMembers.put(health, "throttled_until", ProjectEndpoint.seconds(standing.throttledUntil()));
    return json;
  }

  private static @Nullable Long wide(@Nullable Integer limit) {
    return limit == null ? null : Long.valueOf(limit);
  }
}
