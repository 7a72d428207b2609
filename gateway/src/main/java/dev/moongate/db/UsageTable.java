package dev.moongate.db;

import dev.moongate.model.Money;
import dev.moongate.policy.BillCheck;
import dev.moongate.policy.Usage;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Reads usage off the generations, their pictures and the ledger. */
public final class UsageTable implements Usage {
  private final Database database;
  private final String currency;

  /**
   * @param currency of the ledger
   */
  public UsageTable(Database database, String currency) {
    this.database = database;
    this.currency = currency;
  }

  @Override
  public List<Line> report(Query query) {
    List<Group> groups = query.groups().stream().sorted().toList();
    String columns = groups.stream().map(UsageTable::column).collect(Collectors.joining(", "));
    String sql =
        """
        SELECT %s COUNT(*) AS requests,
          SUM(CASE WHEN state IN ('FAILED', 'LOST', 'UNRESOLVED') THEN 1 ELSE 0 END) AS failures,
          SUM(pictures) AS pictures, SUM(pixels) AS pixels, SUM(bytes) AS bytes, SUM(cost) AS cost,
          SUM(provider_cost) AS provider_cost, SUM(suspected) AS suspected
        FROM (
          SELECT g.created_at / 86400000000 AS day, g.project_id, g.key_id, g.model, g.state,
            COALESCE(g.cost, 0) AS cost,
            (SELECT COUNT(*) FROM image i WHERE i.generation_id = g.id
              AND i.state IN ('STORED', 'REMOVED')) AS pictures,
            (SELECT COALESCE(SUM(CAST(i.width AS BIGINT) * i.height), 0) FROM image i
              WHERE i.generation_id = g.id AND i.state IN ('STORED', 'REMOVED')) AS pixels,
            (SELECT COALESCE(SUM(i.bytes), 0) FROM image i WHERE i.generation_id = g.id
              AND i.state IN ('STORED', 'REMOVED')) AS bytes,
            (SELECT COALESCE(SUM(l.amount), 0) FROM ledger l WHERE l.generation_id = g.id
              AND l.kind = 'COST') AS provider_cost,
            (SELECT COALESCE(SUM(l.amount), 0) FROM ledger l WHERE l.generation_id = g.id
              AND l.kind = 'SUSPECTED_COST') AS suspected
          FROM generation g WHERE g.created_at >= ? AND g.created_at < ?) u
        %s
        """
            .formatted(
                columns.isEmpty() ? "" : columns + ",",
                columns.isEmpty() ? "" : "GROUP BY " + columns + " ORDER BY " + columns);
    return database.read(found -> {
      List<Line> lines =
          new ArrayList<>(
              found.list(
                  sql,
                  row -> line(row, groups),
                  start(query.from()),
                  start(query.to().plusDays(1))));
      // Without groups an empty range is a row of nulls.
      lines.removeIf(line -> line.requests() == 0);
      return lines;
    });
  }

  @Override
  public Map<BillCheck.Item, BillCheck.Booked> booked(
      String account, LocalDate from, LocalDate to, ZoneId zone) {
    Map<BillCheck.Item, BillCheck.Booked> booked = new HashMap<>();
    database.read(sql ->
        sql.list(
            """
            SELECT g.model, l.kind, l.at, COALESCE(l.pictures, g.n) AS pictures
            FROM ledger l
            JOIN generation g ON g.id = l.generation_id
            JOIN attempt a ON a.generation_id = l.generation_id AND a.no = l.attempt_no
            WHERE l.kind IN ('COST', 'SUSPECTED_COST') AND l.at >= ? AND l.at < ? AND a.account = ?
            """,
            row -> {
              LocalDate day = LocalDate.ofInstant(row.instant("at"), zone);
              long pictures = row.number("pictures");
              boolean certain = row.text("kind").equals("COST");
              return booked.merge(
                  new BillCheck.Item(day, row.text("model")),
                  new BillCheck.Booked(certain ? pictures : 0, certain ? 0 : pictures),
                  (a, b) ->
                      new BillCheck.Booked(
                          a.pictures() + b.pictures(), a.suspected() + b.suspected()));
            },
            from.atStartOfDay(zone).toInstant(),
            to.plusDays(1).atStartOfDay(zone).toInstant(),
            account));
    return booked;
  }

  private Line line(Row row, List<Group> groups) throws SQLException {
    Map<Group, String> group = new EnumMap<>(Group.class);
    for (Group by : groups) {
      group.put(
          by,
          by == Group.DAY
              ? LocalDate.ofEpochDay(row.number("day")).toString()
              : row.text(column(by)));
    }
    return new Line(
        group,
        row.number("requests"),
        row.number("failures"),
        row.number("pictures"),
        row.number("pixels"),
        row.number("bytes"),
        money(row, "cost"),
        money(row, "provider_cost"),
        money(row, "suspected"));
  }

  private static String column(Group group) {
    return switch (group) {
      case DAY -> "day";
      case PROJECT -> "project_id";
      case KEY -> "key_id";
      case MODEL -> "model";
    };
  }

  private Money money(Row row, String column) throws SQLException {
    return new Money(row.number(column), currency);
  }

  private static Instant start(LocalDate day) {
    return day.atStartOfDay().toInstant(ZoneOffset.UTC);
  }
}
