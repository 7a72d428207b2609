package dev.moongate.http;

import dev.moongate.error.ErrorCode;
import dev.moongate.error.GatewayException;
import java.time.Duration;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes the one error envelope: {@code {"error":{"message","type","param","code"}}}, and the
 * headers that go with it.
 */
public final class ErrorWriter {
  private static final long LONGEST_RETRY_AFTER = 60;

  private ErrorWriter() {}

  /** The envelope; all four members are always there. */
  public static ObjectNode envelope(GatewayException error) {
    return envelope(error.code(), error.message(), error.param());
  }

  /** The same for the end of an answer whose headers have left: the id stands beside the error. */
  static ObjectNode envelope(GatewayException error, Request request) {
    ObjectNode json = envelope(error);
    if (request.getAttribute(Exchange.GENERATION) instanceof String generation) {
      json.put("id", generation);
    }
    return json;
  }

  static ObjectNode envelope(
      ErrorCode code, String message, @org.jspecify.annotations.Nullable String param) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.putObject("error")
        .put("message", message)
        .put("type", code.type().wireName())
        .put("param", param)
        .put("code", code.wireName());
    return json;
  }

  /** Headers that tell clients what to do next. SDKs ignore a Retry-After of more than a minute. */
  static void headers(HttpFields.Mutable headers, GatewayException error, boolean recognised) {
    boolean again =
        switch (error.code().resend()) {
          case NO -> false;
          case YES -> true;
          case IF_RECOGNISED -> recognised;
        };
    headers.put("x-should-retry", Boolean.toString(again));
    Duration wait = error.retryAfter();
    if (wait != null) {
      long seconds = Math.max(1, Math.min(LONGEST_RETRY_AFTER, (wait.toMillis() + 999) / 1000));
      headers.put(HttpHeader.RETRY_AFTER, seconds);
    }
    if (wait != null && error.code() == ErrorCode.QUEUE_FULL) {
      headers.put("x-moongate-queue-wait", Math.max(1, wait.toSeconds()));
    }
    if (error.code().status() == 401) {
      headers.put(HttpHeader.WWW_AUTHENTICATE, "Bearer");
    }
    if (error.generationId() != null) {
      headers.put("x-moongate-generation", error.generationId());
    }
  }
}
