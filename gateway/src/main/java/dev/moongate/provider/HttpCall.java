package dev.moongate.provider;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP request to a provider.
 *
 * @param headers all of them but Host, User-Agent, Accept-Encoding and Content-Length
 * @param largestAnswer how many bytes of answer are read before the call is broken off
 * @param timeout from the connection to the last byte of the answer
 */
public record HttpCall(
    String method,
    URI uri,
    Map<String, String> headers,
    @Nullable StreamedBody body,
    int largestAnswer,
    Duration timeout) {
  public HttpCall {
    headers = Map.copyOf(headers);
  }
}
