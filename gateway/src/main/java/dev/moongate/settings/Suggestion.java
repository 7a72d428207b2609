package dev.moongate.settings;

import java.util.Collection;
import java.util.Comparator;

/** Finds what somebody probably meant. */
final class Suggestion {
  private Suggestion() {}

  static String unknown(String key, Collection<String> known) {
    String nearest = known.stream().min(Comparator.comparingInt(k -> distance(key, k))).orElse("");
    return distance(key, nearest) <= Math.max(2, key.length() / 3)
        ? "is not a setting; did you mean `" + nearest + "`?"
        : "is not a setting; here there are: " + String.join(", ", known);
  }

  /** Levenshtein's distance. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int above = row[j];
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        row[j] = Math.min(Math.min(row[j] + 1, row[j - 1] + 1), diagonal + change);
        diagonal = above;
      }
    }
    return row[b.length()];
  }
}
