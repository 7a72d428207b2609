package dev.moongate.policy;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Compares what the provider says it billed with what the ledger says, day by day and by model. */
public final class BillCheck {
  private BillCheck() {}

  /** A day and a model, as the provider names both. */
  public record Item(LocalDate day, String model) implements Comparable<Item> {
    @Override
    public int compareTo(Item other) {
      int byDay = day.compareTo(other.day);
      return byDay == 0 ? model.compareTo(other.model) : byDay;
    }
  }

  /**
   * What the ledger says of an item.
   *
   * @param pictures that the provider said it made
   * @param suspected pictures of submits whose outcome nobody knows, at most
   */
  public record Booked(long pictures, long suspected) {}

  /**
   * One line of the report.
   *
   * @param billed pictures, by the provider's file
   * @param verdict what the difference means
   */
  public record Line(Item item, long billed, long booked, long suspected, Verdict verdict) {
    /** Billed pictures that the ledger does not know; negative if it knows more. */
    public long difference() {
      return billed - booked;
    }
  }

  /** What the difference means. */
  public enum Verdict {
    /** Both say the same. */
    EQUAL("equal"),
    /** More was billed than is booked, and submits in doubt may be the reason. */
    EXPLAINED_BY_DOUBT("explained_by_doubt"),
    /** More was billed than is booked: somebody else uses the account, or something was lost. */
    BILLED_TOO_MUCH("billed_too_much"),
    /** Less was billed than is booked. */
    BILLED_TOO_LITTLE("billed_too_little");

    private final String wireName;

    Verdict(String wireName) {
      this.wireName = wireName;
    }

    public String wireName() {
      return wireName;
    }
  }

  /** Every item that either side knows, in order. */
  public static List<Line> compare(Map<Item, Long> billed, Map<Item, Booked> booked) {
    TreeMap<Item, Line> lines = new TreeMap<>();
    List<Item> items = new ArrayList<>(billed.keySet());
    items.addAll(booked.keySet());
    for (Item item : items) {
      long theirs = billed.getOrDefault(item, 0L);
      Booked ours = booked.getOrDefault(item, new Booked(0, 0));
      lines.put(
          item, new Line(item, theirs, ours.pictures(), ours.suspected(), verdict(theirs, ours)));
    }
    return List.copyOf(lines.values());
  }

  private static Verdict verdict(long billed, Booked booked) {
    if (billed == booked.pictures()) {
      return Verdict.EQUAL;
    }
    if (billed < booked.pictures()) {
      return Verdict.BILLED_TOO_LITTLE;
    }
    return billed <= booked.pictures() + booked.suspected()
        ? Verdict.EXPLAINED_BY_DOUBT
        : Verdict.BILLED_TOO_MUCH;
  }
}
