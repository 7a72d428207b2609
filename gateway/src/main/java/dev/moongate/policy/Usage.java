package dev.moongate.policy;

import dev.moongate.model.Money;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What was asked for and what it came to. Implemented in {@code db}; methods block. */
public interface Usage {
  /** By what a report is grouped, in the order of its columns. */
  enum Group {
    /** The UTC day of the admission. */
    DAY,
    PROJECT,
    KEY,
    MODEL
  }

  /**
   * A report.
   *
   * @param from the first UTC day
   * @param to the last UTC day
   * @param groups by what; all together if empty
   */
  record Query(LocalDate from, LocalDate to, Set<Group> groups) {
    public Query {
      groups = Set.copyOf(groups);
    }
  }

  /**
   * One line of a report.
   *
   * @param group what the line is for
   * @param requests generations that were admitted
   * @param failures those that failed, whatever the reason; cancelled ones are none
   * @param pictures that were delivered
   * @param pixels of them
   * @param bytes of them
   * @param cost what callers were charged
   * @param providerCost what the provider took, by its prices
   * @param suspectedCost what it may have taken, nobody knows
   */
  record Line(
      Map<Group, String> group,
      long requests,
      long failures,
      long pictures,
      long pixels,
      long bytes,
      Money cost,
      Money providerCost,
      Money suspectedCost) {}

  /**
   * What an account's ledger lines say of each day and model.
   *
   * @param zone in which the provider counts its days
   */
  Map<BillCheck.Item, BillCheck.Booked> booked(
      String account, LocalDate from, LocalDate to, ZoneId zone);

  /** The lines, ordered by their groups. */
  List<Line> report(Query query);
}
