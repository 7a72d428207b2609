package dev.moongate.settings;

import java.util.ArrayList;
import java.util.List;

/** Collects what is wrong, so that it is all told at once. */
final class Problems {
  private final String source;
  private final List<String> all = new ArrayList<>();

  Problems(String source) {
    this.source = source;
  }

  /** A mistake in the file. */
  void at(int line, String path, String message) {
    all.add("%s:%d: `%s` %s".formatted(source, line, path, message));
  }

  /** A mistake elsewhere: a flag or a variable. */
  void add(String message) {
    all.add(message);
  }

  List<String> all() {
    return List.copyOf(all);
  }

  void throwIfAny() {
    if (!all.isEmpty()) {
      throw new SettingsException(all);
    }
  }
}
