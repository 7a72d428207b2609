package dev.moongate.http.admin;

import dev.moongate.error.ErrorCode;
import dev.moongate.error.GatewayException;
import dev.moongate.policy.BillCheck;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A provider's usage file: CSV with a head that names at least the columns {@code date}
 * (2026-11-24, 20261124, or either with a time behind it), {@code model} and {@code image_count}.
 * Other columns are left alone; lines of the same day and model are added up. The head of the
 * vendor's export is not published, so its columns may have to be renamed.
 */
final class UsageFile {
  private static final List<String> COLUMNS = List.of("date", "model", "image_count");

  private UsageFile() {}

  static Map<BillCheck.Item, Long> parse(String csv) {
    List<String> lines =
        csv.replaceFirst("^\uFEFF", "").lines().filter(line -> !line.isBlank()).toList();
    if (lines.size() < 2) {
      throw wrong(0, "needs a head and at least one line");
    }
    List<String> head =
        cells(lines.getFirst()).stream()
            .map(name -> name.strip().toLowerCase(Locale.ROOT))
            .toList();
    for (String column : COLUMNS) {
      if (!head.contains(column)) {
        throw wrong(1, "the head must name the column " + column);
      }
    }
    Map<BillCheck.Item, Long> billed = new HashMap<>();
    for (int i = 1; i < lines.size(); i++) {
      List<String> cells = cells(lines.get(i));
      if (cells.size() != head.size()) {
        throw wrong(i + 1, "has %d cells, the head has %d".formatted(cells.size(), head.size()));
      }
      LocalDate day = day(cells.get(head.indexOf("date")).strip(), i + 1);
      String model = cells.get(head.indexOf("model")).strip();
      long count = count(cells.get(head.indexOf("image_count")).strip(), i + 1);
      billed.merge(new BillCheck.Item(day, model), count, Math::addExact);
    }
    return billed;
  }

  private static LocalDate day(String text, int line) {
    String day = text.replaceFirst("[T ].*$", "");
    try {
      return LocalDate.parse(
          day.matches("\\d{8}")
              ? day.substring(0, 4) + "-" + day.substring(4, 6) + "-" + day.substring(6)
              : day);
    } catch (DateTimeException e) {
      throw wrong(line, "date is %s, not a day".formatted(GatewayException.shown(text)));
    }
  }

  private static long count(String text, int line) {
    if (text.matches("\\d{1,12}")) {
      return Long.parseLong(text);
    }
    throw wrong(
        line, "image_count is %s, not a whole number".formatted(GatewayException.shown(text)));
  }

  /**
   * Cells with or without quotes; a quote within quotes is doubled. No line break within a cell.
   */
  private static List<String> cells(String line) {
    List<String> cells = new ArrayList<>();
    StringBuilder cell = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '"' && quoted && i + 1 < line.length() && line.charAt(i + 1) == '"') {
        cell.append(c);
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (c == ',' && !quoted) {
        cells.add(cell.toString());
        cell.setLength(0);
      } else {
        cell.append(c);
      }
    }
    cells.add(cell.toString());
    return cells;
  }

  private static GatewayException wrong(int line, String message) {
    return new GatewayException(
        ErrorCode.INVALID_BODY,
        line == 0
            ? "The usage file " + message
            : "Line %d of the usage file: %s".formatted(line, message));
  }
}
