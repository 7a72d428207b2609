package dev.moongate.http.dashscope;

import dev.moongate.error.ErrorCode;
import dev.moongate.error.GatewayException;
import dev.moongate.http.Exchange;
import dev.moongate.image.Warning;
import java.util.ArrayList;
import java.util.List;

/**
 * The vendor's own request headers, each decided: obeyed, refused by name, or told of as without
 * effect. Those that only describe the client, such as its source, are nobody's business.
 */
final class DashScopeHeaders {
  private static final String ASYNC = "X-DashScope-Async";

  private DashScopeHeaders() {}

  /**
   * Refuses a call whose kind does not belong to its address, as the vendor does.
   *
   * @param async whether the address is that of asynchronous calls
   */
  static void requireKind(Exchange exchange, boolean async) {
    boolean asked = enabled(exchange, ASYNC);
    if (async && !asked) {
      throw new GatewayException(
          ErrorCode.PERMISSION_DENIED,
          ASYNC,
          "current user api does not support synchronous calls: send %s: enable, or call %s"
              .formatted(ASYNC, DashScopeRoutes.SYNC_PATH));
    }
    if (!async && asked) {
      throw new GatewayException(
          ErrorCode.PERMISSION_DENIED,
          ASYNC,
          "current user api does not support asynchronous calls: leave %s out, or call %s (the"
                  .formatted(ASYNC, DashScopeRoutes.ASYNC_PATH)
              + " Java SDK's ImageGeneration sends it for ever after asyncCall: use another object"
              + " for call)");
    }
  }

  /**
   * What the caller must know about the others.
   *
   * @throws GatewayException naming one that asks for what cannot be had
   */
  static List<Warning> warnings(Exchange exchange) {
    if (enabled(exchange, "X-DashScope-SSE")) {
      throw new GatewayException(
          ErrorCode.INVALID_VALUE,
          "X-DashScope-SSE",
          "X-DashScope-SSE is not possible here: the model does not stream; leave it out");
    }
    if (!exchange.headerLines("X-DashScope-EncryptionKey").isEmpty()) {
      throw new GatewayException(
          ErrorCode.INVALID_VALUE,
          "X-DashScope-EncryptionKey",
          "X-DashScope-EncryptionKey is not possible here: only the provider could read the input");
    }
    List<Warning> warnings = new ArrayList<>();
    if (!exchange.headerLines("X-DashScope-WorkSpace").isEmpty()) {
      warnings.add(
          ignored("X-DashScope-WorkSpace", "the gateway's accounts have workspaces of their own"));
    }
    if (enabled(exchange, "X-DashScope-DataInspection")) {
      warnings.add(
          ignored("X-DashScope-DataInspection", "the provider inspects everything as it is"));
    }
    return warnings;
  }

  private static Warning ignored(String header, String why) {
    return new Warning(header, "ignored_parameter", "%s was ignored: %s.".formatted(header, why));
  }

  private static boolean enabled(Exchange exchange, String header) {
    return exchange.headerLines(header).stream()
        .anyMatch(value -> value.strip().equalsIgnoreCase("enable"));
  }
}
