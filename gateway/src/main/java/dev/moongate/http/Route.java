package dev.moongate.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One method and path with its endpoint, and who may call it: there is no route that does not say.
 *
 * @param path literal, with stars: {@code *} stands for one or more characters without a slash, and
 *     {@code **} for any characters
 */
public record Route(String method, String path, Access access, Endpoint endpoint) {
  public Route {
    Objects.requireNonNull(access);
  }

  /** What the stars of the path stand for in {@code target}, in their order; empty if no match. */
  Optional<List<String>> match(String target) {
    int star = path.indexOf('*');
    if (star < 0) {
      return path.equals(target) ? Optional.of(List.of()) : Optional.empty();
    }
    if (!target.startsWith(path.substring(0, star))) {
      return Optional.empty();
    }
    Matcher matcher = pattern().matcher(target);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    List<String> stars = new ArrayList<>();
    for (int i = 1; i <= matcher.groupCount(); i++) {
      stars.add(matcher.group(i));
    }
    return Optional.of(stars);
  }

  private Pattern pattern() {
    return Pattern.compile(
        Pattern.quote(path).replace("**", "\\E(.+)\\Q").replace("*", "\\E([^/]+)\\Q"));
  }
}
