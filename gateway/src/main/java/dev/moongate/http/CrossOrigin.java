package dev.moongate.http;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ConditionalHandler;
import org.eclipse.jetty.server.handler.CrossOriginHandler;

/**
 * Lets pages of other origins call the API from a browser. What is for admins is never among it,
 * and {@code /metrics} above all: from the gateway's own machine it needs no key, so any page that
 * somebody looks at there could read it.
 */
final class CrossOrigin {
  /** Any name would do where a browser understands the star; it never stands for Authorization. */
  private static final Set<String> ALLOWED_HEADERS =
      Set.of(
          "*",
          "Authorization",
          "Content-Type",
          "Idempotency-Key",
          "Prefer",
          "Range",
          "If-None-Match",
          "If-Range",
          "X-DashScope-Async",
          "api-key",
          "x-api-key",
          "OpenAI-Organization",
          "OpenAI-Project",
          "x-stainless-arch",
          "x-stainless-helper-method",
          "x-stainless-lang",
          "x-stainless-os",
          "x-stainless-package-version",
          "x-stainless-read-timeout",
          "x-stainless-retry-count",
          "x-stainless-runtime",
          "x-stainless-runtime-version",
          "x-stainless-timeout");

  private static final Set<String> EXPOSED_HEADERS =
      Set.of(
          "x-request-id",
          "x-should-retry",
          "x-moongate-cost",
          "x-moongate-generation",
          "x-moongate-queue-wait",
          "x-ratelimit-limit-images",
          "x-ratelimit-limit-requests",
          "x-ratelimit-remaining-images",
          "x-ratelimit-remaining-requests",
          "x-ratelimit-reset-images",
          "x-ratelimit-reset-requests",
          "Accept-Ranges",
          "Allow",
          "Content-Disposition",
          "Content-Range",
          "ETag",
          "Idempotent-Replayed",
          "Location",
          "Preference-Applied",
          "Retry-After",
          "WWW-Authenticate");

  private CrossOrigin() {}

  /**
   * The door as browsers find it.
   *
   * @param origins whose pages may call; {@code *} stands for all
   */
  static Handler around(Handler door, List<String> origins) {
    if (origins.isEmpty()) {
      return door;
    }
    CrossOriginHandler cors = new CrossOriginHandler();
    cors.setAllowedOriginPatterns(
        origins.stream()
            .map(origin -> origin.equals("*") ? origin : Pattern.quote(origin))
            .collect(Collectors.toSet()));
    // There are no cookies; a key in a header is not what browsers call credentials.
    cors.setAllowCredentials(false);
    cors.setAllowedMethods(Set.of("GET", "HEAD", "POST", "DELETE"));
    cors.setAllowedHeaders(ALLOWED_HEADERS);
    cors.setExposedHeaders(EXPOSED_HEADERS);
    cors.setPreflightMaxAge(Duration.ofMinutes(10));
    // The door answers them: in its log, with a request id, and in words where they are refused.
    cors.setDeliverPreflightRequests(true);
    cors.setHandler(door);
    ConditionalHandler.SkipNext notForAdmins = new ConditionalHandler.SkipNext(cors);
    notForAdmins.includePath("/admin/*", "/metrics");
    return notForAdmins;
  }

  /**
   * Whether a browser asks if it may send a request, and it may. No path is refused here: a page
   * learns nothing of a request that its browser did not send, not even what was wrong with its
   * address.
   */
  static boolean letsPass(Request request, Response response) {
    return request.getMethod().equals("OPTIONS")
        && response.getHeaders().contains(HttpHeader.ACCESS_CONTROL_ALLOW_METHODS);
  }
}
