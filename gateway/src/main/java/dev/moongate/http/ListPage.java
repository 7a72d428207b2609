package dev.moongate.http;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One page of a list, and how it is asked for: {@code ?limit=20&after=<last_id>}.
 *
 * @param limit how many at most
 * @param after the last one of the page before; null for the first page
 */
public record ListPage(int limit, @Nullable String after) {
  /** The query parameters that ask for a page. */
  public static final Set<String> QUERY = Set.of("limit", "after");

  private static final int LARGEST = 100;
  private static final int USUAL = 20;

  /** The page that a query asks for. */
  public static ListPage of(Map<String, String> query) {
    String limit = query.get("limit");
    return new ListPage(
        limit == null ? USUAL : (int) Exchange.number("limit", limit, 1, LARGEST),
        query.get("after"));
  }

  /** This page of a list that is there as a whole; one more, so that {@link #json} sees the end. */
  public <T> List<T> of(List<T> all, Function<T, String> id) {
    int first = 0;
    if (after != null) {
      while (first < all.size() && !id.apply(all.get(first)).equals(after)) {
        first++;
      }
      first++;
    }
    return all.subList(Math.min(first, all.size()), Math.min(first + limit + 1, all.size()));
  }

  /**
   * The page as it stands on the wire.
   *
   * @param found one more than the limit, if there is one
   */
  public <T> ObjectNode json(List<T> found, Function<T, String> id, Function<T, ObjectNode> view) {
    List<T> page = found.subList(0, Math.min(limit, found.size()));
    ObjectNode json = Wire.object().put("object", "list");
    ArrayNode data = json.putArray("data");
    page.forEach(item -> data.add(view.apply(item)));
    json.put("first_id", page.isEmpty() ? null : id.apply(page.getFirst()));
    json.put("last_id", page.isEmpty() ? null : id.apply(page.getLast()));
    return json.put("has_more", found.size() > limit);
  }
}
