package dev.moongate.http;

import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.RequestLog;
import org.eclipse.jetty.server.Response;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One line per request, when its answer has left. Holds no query, no body, and no header of the
 * client's.
 */
final class AccessLog implements RequestLog {
  private static final Logger LOG = LoggerFactory.getLogger("dev.moongate.access");

  @Override
  public void log(Request request, Response response) {
    String path = request.getHttpURI() == null ? null : request.getHttpURI().getPath();
    LOG.atInfo()
        .addKeyValue("request_id", request.getAttribute(Exchange.REQUEST_ID))
        .addKeyValue("key_id", request.getAttribute(Exchange.KEY_ID))
        .addKeyValue("generation", request.getAttribute(Exchange.GENERATION))
        .addKeyValue("status", response.getStatus())
        .addKeyValue("bytes", Response.getContentBytesWritten(response))
        .addKeyValue("millis", (System.nanoTime() - request.getBeginNanoTime()) / 1_000_000)
        .log(
            "{} {}",
            dev.moongate.error.GatewayException.shown(String.valueOf(request.getMethod())),
            dev.moongate.error.GatewayException.shown(String.valueOf(path)));
  }
}
