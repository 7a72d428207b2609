package dev.moongate.http;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the server is told.
 *
 * @param port 0 for any free one
 * @param publicUrl the base of every link handed out; null for http and the request's own Host
 *     header
 * @param answerWithin how long a request waits for its generation before it is told that it is
 *     still running
 * @param heartbeat how long a stream of events is silent at most
 * @param linkLife how long links live unless a request asks for less
 * @param bodyLimit the longest request body of JSON, in bytes
 * @param formLimit the longest form with files, in bytes
 * @param bodiesInMemory how much of all bodies together may stand in memory, in bytes
 * @param origins whose pages may call from a browser, as {@code https://app.example.com}, or {@code
 *     *} for all
 */
public record HttpSettings(
    String host,
    int port,
    @Nullable URI publicUrl,
    Duration answerWithin,
    Duration heartbeat,
    Duration linkLife,
    long bodyLimit,
    long formLimit,
    long bodiesInMemory,
    List<String> origins) {
  /** Nine pictures of 20 MB, and what stands between them. */
  private static final long USUAL_FORM = 192L << 20;

  public HttpSettings {
    origins = List.copyOf(origins);
  }

  /** What a gateway listens with unless told otherwise. */
  public static final HttpSettings DEFAULTS =
      new HttpSettings(
          "127.0.0.1",
          8080,
          null,
          Duration.ofSeconds(280),
          Duration.ofSeconds(15),
          Duration.ofHours(24),
          32L << 20,
          USUAL_FORM,
          64L << 20,
          List.of());
}
