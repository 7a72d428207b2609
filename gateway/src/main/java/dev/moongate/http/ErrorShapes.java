package dev.moongate.http;

import java.util.Comparator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which shape refusals have where: the envelope, except under addresses that speak another API.
 * Goes by the path alone, so that what no route was found for has the right shape too.
 *
 * @param byRoot by the path under which a shape holds, without a slash at its end; the longest wins
 */
public record ErrorShapes(Map<String, ErrorShape> byRoot) {
  public ErrorShapes {
    byRoot = Map.copyOf(byRoot);
  }

  ErrorShape at(@Nullable String path) {
    return path == null
        ? ErrorShape.ENVELOPE
        : byRoot.entrySet().stream()
            .filter(entry -> path.equals(entry.getKey()) || path.startsWith(entry.getKey() + "/"))
            .max(Comparator.comparingInt(entry -> entry.getKey().length()))
            .map(Map.Entry::getValue)
            .orElse(ErrorShape.ENVELOPE);
  }
}
