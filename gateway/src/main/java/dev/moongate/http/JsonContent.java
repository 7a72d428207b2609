package dev.moongate.http;

import dev.moongate.error.ErrorCode;
import dev.moongate.error.GatewayException;
import java.util.Locale;
import org.eclipse.jetty.http.HttpHeader;

/** The headers that a body of JSON comes with. */
public final class JsonContent {
  private JsonContent() {}

  /**
   * Refuses a body that is not said to be JSON, in UTF-8 and as it is.
   *
   * @throws GatewayException {@code unsupported_encoding} or {@code unsupported_media_type}
   */
  public static void require(Exchange exchange) {
    require(exchange, "");
  }

  /**
   * As {@link #require(Exchange)}.
   *
   * @param otherwise what else the body might have been, in words that follow the type of JSON
   */
  public static void require(Exchange exchange, String otherwise) {
    requireIdentity(exchange);
    String type = exchange.header(HttpHeader.CONTENT_TYPE).orElse("");
    String[] parts = type.toLowerCase(Locale.ROOT).split(";", -1);
    boolean json = parts[0].strip().equals("application/json");
    for (int i = 1; i < parts.length && json; i++) {
      String parameter = parts[i].replace("\"", "").replace(" ", "");
      json = !parameter.startsWith("charset=") || parameter.equals("charset=utf-8");
    }
    if (!json) {
      throw new GatewayException(
          ErrorCode.UNSUPPORTED_MEDIA_TYPE,
          "The body must be sent as 'Content-Type: application/json'%s, not %s%s"
              .formatted(
                  otherwise,
                  type.isEmpty() ? "without a type" : GatewayException.shown(type),
                  parts[0].strip().equals("application/x-www-form-urlencoded")
                      ? ", which is what curl -d says by itself: add -H 'Content-Type:"
                          + " application/json' and give the body as JSON"
                      : ""));
    }
  }

  /** Refuses a body that is packed in any way. */
  static void requireIdentity(Exchange exchange) {
    String encoding = exchange.header(HttpHeader.CONTENT_ENCODING).orElse("identity");
    if (!encoding.equalsIgnoreCase("identity")) {
      throw new GatewayException(
          ErrorCode.UNSUPPORTED_ENCODING,
          "Content-Encoding %s is not accepted; send the body as it is"
              .formatted(GatewayException.shown(encoding)));
    }
  }
}
