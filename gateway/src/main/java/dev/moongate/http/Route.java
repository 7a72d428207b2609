package dev.moongate.http;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One method and path with its endpoint.
 *
 * @param path literal, with at most one {@code *} that stands for one or more characters without a
 *     slash, or {@code **} for any characters
 */
public record Route(String method, String path, Access access, Endpoint endpoint) {
  /**
   * What the star of the path stands for in {@code target}; empty text if there is no star; empty
   * if no match.
   */
  Optional<String> match(String target) {
    int star = path.indexOf('*');
    if (star < 0) {
      return path.equals(target) ? Optional.of("") : Optional.empty();
    }
    String any = path.startsWith("**", star) ? "(.+)" : "([^/]+)";
    String rest = path.substring(star).replaceFirst("\\*+", "");
    Matcher matcher =
        Pattern.compile(Pattern.quote(path.substring(0, star)) + any + Pattern.quote(rest))
            .matcher(target);
    return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
  }
}
