package dev.moongate.http;

import dev.moongate.error.ErrorCode;
import java.time.Duration;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.RequestLog;
import org.eclipse.jetty.server.Response;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One line per request, when its answer has left. Holds no query, no body, and no header of the
 * client's.
 */
final class AccessLog implements RequestLog {
  private static final Logger LOG = LoggerFactory.getLogger("dev.moongate.access");

  private final RequestMeter meter;

  AccessLog(RequestMeter meter) {
    this.meter = meter;
  }

  @Override
  public void log(Request request, Response response) {
    long nanos = System.nanoTime() - request.getBeginNanoTime();
    Route route = (Route) request.getAttribute(Exchange.ROUTE);
    ErrorCode error = (ErrorCode) request.getAttribute(Exchange.ERROR);
    meter.answered(
        route == null ? "other" : route.method(),
        route == null ? "none" : route.path(),
        outcome(response.getStatus(), error),
        Duration.ofNanos(nanos));
    String path = request.getHttpURI() == null ? null : request.getHttpURI().getPath();
    LOG.atInfo()
        .addKeyValue("request_id", request.getAttribute(Exchange.REQUEST_ID))
        .addKeyValue("key_id", request.getAttribute(Exchange.KEY_ID))
        .addKeyValue("generation", request.getAttribute(Exchange.GENERATION))
        .addKeyValue("status", response.getStatus())
        // Of a stream whose status has left, nothing else tells how it ended.
        .addKeyValue("error", error == null ? null : error.wireName())
        .addKeyValue("bytes", Response.getContentBytesWritten(response))
        .addKeyValue("millis", nanos / 1_000_000)
        .log(
            "{} {}",
            dev.moongate.error.GatewayException.shown(String.valueOf(request.getMethod())),
            dev.moongate.error.GatewayException.shown(String.valueOf(path)));
  }

  /** What began with a 200 and failed counts as the failure that it would have been at once. */
  private static int outcome(int sent, @Nullable ErrorCode error) {
    return error != null && sent < 400 ? error.status() : sent;
  }
}
