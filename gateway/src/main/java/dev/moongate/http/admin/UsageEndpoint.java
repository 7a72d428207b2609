package dev.moongate.http.admin;

import dev.moongate.error.ErrorCode;
import dev.moongate.error.GatewayException;
import dev.moongate.http.Access;
import dev.moongate.http.Exchange;
import dev.moongate.http.Route;
import dev.moongate.http.Wire;
import dev.moongate.model.Money;
import dev.moongate.policy.Usage;
import dev.moongate.policy.Usage.Group;
import dev.moongate.policy.Usage.Line;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code GET /admin/v1/usage}: what was asked for and what it came to, as JSON or CSV. */
public final class UsageEndpoint {
  private static final Set<String> QUERY = Set.of("from", "to", "group_by", "format");
  private static final int USUAL_DAYS = 30;

  private final Usage usage;
  private final InstantSource clock;
  private final String currency;

  private UsageEndpoint(Usage usage, InstantSource clock, String currency) {
    this.usage = usage;
    this.clock = clock;
    this.currency = currency;
  }

  public static List<Route> of(Usage usage, InstantSource clock, String currency) {
    UsageEndpoint endpoint = new UsageEndpoint(usage, clock, currency);
    return List.of(new Route("GET", "/admin/v1/usage", Access.ADMIN, endpoint::report));
  }

  private void report(Exchange exchange) throws IOException {
    Map<String, String> query = exchange.queries(QUERY);
    LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    LocalDate to = day("to", query.get("to"), today);
    LocalDate from = day("from", query.get("from"), to.minusDays(USUAL_DAYS - 1));
    if (from.isAfter(to)) {
      throw new GatewayException(
          ErrorCode.INVALID_VALUE, "from", "from is %s, which is after to, %s".formatted(from, to));
    }
    Set<Group> groups = groups(query.get("group_by"));
    List<Line> lines = usage.report(new Usage.Query(from, to, groups));
    String format = query.getOrDefault("format", "json");
    switch (format) {
      case "json" -> exchange.json(200, json(from, to, groups, lines));
      case "csv" -> exchange.text(200, "text/csv;charset=utf-8", csv(groups, lines));
      default ->
          throw new GatewayException(
              ErrorCode.INVALID_VALUE,
              "format",
              "format must be json or csv, not " + GatewayException.shown(format));
    }
  }

  /** A day such as 2026-11-24. */
  static LocalDate day(String name, @Nullable String text, LocalDate usual) {
    if (text == null) {
      return usual;
    }
    try {
      return LocalDate.parse(text);
    } catch (DateTimeException e) {
      throw new GatewayException(
          ErrorCode.INVALID_VALUE,
          name,
          "%s must be a day such as 2026-11-24, not %s"
              .formatted(name, GatewayException.shown(text)));
    }
  }

  private static Set<Group> groups(@Nullable String text) {
    Set<Group> groups = EnumSet.noneOf(Group.class);
    if (text == null) {
      return groups;
    }
    for (String name : text.split(",", -1)) {
      groups.add(
          Arrays.stream(Group.values())
              .filter(group -> wireName(group).equals(name))
              .findFirst()
              .orElseThrow(() ->
                  new GatewayException(
                      ErrorCode.INVALID_VALUE,
                      "group_by",
                      "group_by takes day, project, key and model, with commas between them, not "
                          + GatewayException.shown(name))));
    }
    return groups;
  }

  private ObjectNode json(LocalDate from, LocalDate to, Set<Group> groups, List<Line> lines) {
    ObjectNode json = Wire.object().put("object", "usage");
    json.put("from", from.toString()).put("to", to.toString()).put("currency", currency);
    ArrayNode by = json.putArray("group_by");
    groups.forEach(group -> by.add(wireName(group)));
    ArrayNode data = json.putArray("data");
    for (Line line : lines) {
      ObjectNode item = data.addObject();
      line.group().forEach((group, value) -> item.put(wireName(group), value));
      item.put("requests", line.requests())
          .put("failures", line.failures())
          .put("pictures", line.pictures())
          .put("pixels", line.pixels())
          .put("bytes", line.bytes())
          .put("cost", line.cost().decimal())
          .put("provider_cost", line.providerCost().decimal())
          .put("suspected_cost", line.suspectedCost().decimal());
    }
    return json;
  }

  private static String csv(Set<Group> groups, List<Line> lines) {
    List<String> head = new ArrayList<>(groups.stream().map(UsageEndpoint::wireName).toList());
    head.addAll(
        List.of(
            "requests",
            "failures",
            "pictures",
            "pixels",
            "bytes",
            "cost",
            "provider_cost",
            "suspected_cost",
            "currency"));
    StringBuilder text = new StringBuilder(String.join(",", head)).append("\r\n");
    for (Line line : lines) {
      List<String> cells =
          new ArrayList<>(groups.stream().map(group -> cell(line.group().get(group))).toList());
      for (long number :
          List.of(line.requests(), line.failures(), line.pictures(), line.pixels(), line.bytes())) {
        cells.add(Long.toString(number));
      }
      for (Money money : List.of(line.cost(), line.providerCost(), line.suspectedCost())) {
        cells.add(money.decimal().toPlainString());
      }
      cells.add(line.cost().currency());
      text.append(cells.stream().collect(Collectors.joining(","))).append("\r\n");
    }
    return text.toString();
  }

  /** Ids and names of models hold no comma and no quote; a spreadsheet must see no formula. */
  private static String cell(@Nullable String value) {
    String text = value == null ? "" : value;
    return text.matches("[A-Za-z0-9][A-Za-z0-9._:/-]*")
        ? text
        : "\"'" + text.replace("\"", "\"\"") + "\"";
  }

  private static String wireName(Group group) {
    return group.name().toLowerCase(Locale.ROOT);
  }
}
