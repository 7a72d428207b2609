package dev.moongate.cli;

import dev.moongate.auth.KeyMaker;
import org.jspecify.annotations.Nullable;

/** Reads values of options; {@code none} lifts what can be lifted. */
final class Given {
  private static final String NONE = "none";

  private Given() {}

  /** The value after a change: as before where nothing was given, null for {@code none}. */
  static @Nullable Long number(
      String option, @Nullable String text, @Nullable Long before, long least, long most) {
    if (text == null) {
      return before;
    }
    if (text.equals(NONE)) {
      return null;
    }
    if (text.matches("\\d{1,18}")) {
      long number = Long.parseLong(text);
      if (number >= least && number <= most) {
        return number;
      }
    }
    throw new CliException(
        "%s takes a whole number from %d to %d, or none".formatted(option, least, most));
  }

  /** A name of a key or a project. */
  static String name(String text) {
    if (!KeyMaker.isName(text)) {
      throw new CliException("A name has 1 to 100 characters, and no control characters");
    }
    return text;
  }

  /** Whether it was said that there is to be no such thing. */
  static boolean none(String text) {
    return text.equals(NONE);
  }
}
