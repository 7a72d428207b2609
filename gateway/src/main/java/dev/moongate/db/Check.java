package dev.moongate.db;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something that holds whatever happens to the process.
 *
 * @param invariant it, as a person says it
 * @param finder finds where it does not hold, as one line each: which generation, and the numbers
 */
record Check(String invariant, Finder finder) {
  /** Looks for what should not be. */
  interface Finder {
    List<String> find(Sql sql) throws SQLException;
  }

  /** A check by a query that answers with what should not be. */
  static Check of(
      String invariant, String query, Sql.Mapper<String> line, @Nullable Object... parameters) {
    return new Check(invariant, sql -> sql.list(query, line, parameters));
  }

  List<Audit.Violation> violations(Sql sql) throws SQLException {
    List<Audit.Violation> violations = new ArrayList<>();
    for (String line : finder.find(sql)) {
      violations.add(new Audit.Violation(invariant, line));
    }
    return violations;
  }
}
