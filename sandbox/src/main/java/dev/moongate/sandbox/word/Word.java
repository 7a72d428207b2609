package dev.moongate.sandbox.word;

import org.jspecify.annotations.Nullable;

/**
 * One test word of a prompt: {@code sandbox:name[=value[,extra]][:times=N]}. Without {@code times}
 * it acts every time.
 */
public record Word(String name, String value, @Nullable String extra, int times) {
  public boolean acts(int earlierUses) {
    return earlierUses < times;
  }

  public int number() {
    return Integer.parseInt(value);
  }
}
