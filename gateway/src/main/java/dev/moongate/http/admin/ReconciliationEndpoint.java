package dev.moongate.http.admin;

import dev.moongate.error.ErrorCode;
import dev.moongate.error.GatewayException;
import dev.moongate.http.Access;
import dev.moongate.http.Exchange;
import dev.moongate.http.Route;
import dev.moongate.http.Wire;
import dev.moongate.policy.BillCheck;
import dev.moongate.policy.Usage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code POST /admin/v1/reconciliation?account=}: the provider's usage file against our ledger, day
 * by day and by model.
 */
public final class ReconciliationEndpoint {
  private static final Set<String> QUERY = Set.of("account", "zone");
  private static final int LARGEST_FILE = 8 << 20;

  /** DashScope's consoles count days in China's time. */
  private static final String USUAL_ZONE = "Asia/Shanghai";

  private final Usage usage;
  private final Set<String> accounts;

  private ReconciliationEndpoint(Usage usage, Set<String> accounts) {
    this.usage = usage;
    this.accounts = accounts;
  }

  /**
   * The route.
   *
   * @param accounts the names that there are
   */
  public static List<Route> of(Usage usage, Set<String> accounts) {
    ReconciliationEndpoint endpoint = new ReconciliationEndpoint(usage, Set.copyOf(accounts));
    return List.of(new Route("POST", "/admin/v1/reconciliation", Access.ADMIN, endpoint::compare));
  }

  private void compare(Exchange exchange) throws IOException {
    Map<String, String> query = exchange.queries(QUERY);
    String account = query.get("account");
    if (account == null || !accounts.contains(account)) {
      throw new GatewayException(
          ErrorCode.INVALID_VALUE,
          "account",
          "account must name a provider account; there is: " + String.join(", ", accounts));
    }
    ZoneId zone = zone(query.getOrDefault("zone", USUAL_ZONE));
    Map<BillCheck.Item, Long> billed = UsageFile.parse(body(exchange));
    LocalDate from =
        billed.keySet().stream().map(BillCheck.Item::day).min(LocalDate::compareTo).orElseThrow();
    LocalDate to =
        billed.keySet().stream().map(BillCheck.Item::day).max(LocalDate::compareTo).orElseThrow();
    List<BillCheck.Line> lines = BillCheck.compare(billed, usage.booked(account, from, to, zone));
    ObjectNode json = Wire.object().put("object", "reconciliation");
    json.put("account", account).put("zone", zone.getId());
    json.put("from", from.toString()).put("to", to.toString());
    json.put("equal", lines.stream().allMatch(line -> line.verdict() == BillCheck.Verdict.EQUAL));
    ArrayNode data = json.putArray("data");
    for (BillCheck.Line line : lines) {
      data.addObject()
          .put("date", line.item().day().toString())
          .put("model", line.item().model())
          .put("billed", line.billed())
          .put("booked", line.booked())
          .put("suspected", line.suspected())
          .put("difference", line.difference())
          .put("verdict", line.verdict().wireName());
    }
    exchange.json(200, json);
  }

  private static String body(Exchange exchange) throws IOException {
    try (InputStream in = exchange.body()) {
      byte[] bytes = in.readNBytes(LARGEST_FILE + 1);
      if (bytes.length > LARGEST_FILE) {
        throw new GatewayException(
            ErrorCode.BODY_TOO_LARGE, "The file is longer than 8 MB; send a shorter range of days");
      }
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }

  private static ZoneId zone(String name) {
    try {
      return ZoneId.of(name);
    } catch (DateTimeException e) {
      throw new GatewayException(
          ErrorCode.INVALID_VALUE,
          "zone",
          "zone must be a time zone such as Asia/Shanghai, not " + GatewayException.shown(name));
    }
  }
}
