package dev.moongate.http.images;

import dev.moongate.error.ErrorCode;
import dev.moongate.error.GatewayException;
import dev.moongate.generation.KeptGenerations.Query;
import dev.moongate.generation.State;
import dev.moongate.http.Exchange;
import dev.moongate.http.ListPage;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The query of a list of generations. */
public final class GenerationQuery {
  /** Its parameters. */
  public static final Set<String> PARAMETERS =
      Set.of("limit", "after", "status", "model", "created_after", "created_before");

  private static final long LAST_SECOND = 253_402_300_799L;

  private GenerationQuery() {}

  /** What a page asks for, and one generation more. */
  public static Query of(Map<String, String> query, ListPage page) {
    return new Query(
        page.limit() + 1,
        page.after(),
        0,
        states(query.get("status")),
        query.get("model"),
        moment(query, "created_after"),
        moment(query, "created_before"));
  }

  private static List<State> states(@Nullable String status) {
    if (status == null) {
      return List.of();
    }
    Map<String, List<State>> byStatus =
        Arrays.stream(State.values())
            .collect(
                Collectors.groupingBy(
                    State::status, Collectors.mapping(Function.identity(), Collectors.toList())));
    List<State> states = byStatus.get(status);
    if (states == null) {
      throw new GatewayException(
          ErrorCode.INVALID_VALUE,
          "status",
          "status must be one of queued, running, succeeded, failed, cancelled, not "
              + GatewayException.shown(status));
    }
    return states;
  }

  private static @Nullable Instant moment(Map<String, String> query, String name) {
    String text = query.get(name);
    return text == null ? null : Instant.ofEpochSecond(Exchange.number(name, text, 0, LAST_SECOND));
  }
}
