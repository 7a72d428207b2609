package dev.moongate.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Puts {@code ${NAME}} and {@code ${file:/path}} into values. What it puts in is never part of a
 * message.
 */
final class Substitution {
  private static final Pattern PLACE = Pattern.compile("\\$\\{([^}]*)}");

  private final Map<String, String> environment;

  Substitution(Map<String, String> environment) {
    this.environment = environment;
  }

  /**
   * The text with everything put in.
   *
   * @throws IllegalArgumentException naming the variable that is not set or the file that cannot be
   *     read
   */
  String apply(String text) {
    Matcher matcher = PLACE.matcher(text);
    StringBuilder out = new StringBuilder();
    while (matcher.find()) {
      matcher.appendReplacement(out, Matcher.quoteReplacement(find(matcher.group(1))));
    }
    return matcher.appendTail(out).toString();
  }

  private String find(String name) {
    if (name.startsWith("file:")) {
      String file = name.substring("file:".length());
      try {
        return Files.readString(Path.of(file)).strip();
      } catch (IOException | IllegalArgumentException e) {
        throw new IllegalArgumentException("names the file " + file + ", which cannot be read", e);
      }
    }
    String value = environment.get(name);
    if (value == null || value.isEmpty()) {
      throw new IllegalArgumentException("names ${" + name + "}, which is not set");
    }
    return value;
  }
}
