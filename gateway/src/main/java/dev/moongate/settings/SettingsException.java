package dev.moongate.settings;

import java.util.List;

/** Everything that is wrong with the settings, at once. No message holds a secret. */
public final class SettingsException extends RuntimeException {
  private final List<String> problems;

  public SettingsException(List<String> problems) {
    super(String.join("\n", problems));
    this.problems = List.copyOf(problems);
  }

  public List<String> problems() {
    return problems;
  }
}
