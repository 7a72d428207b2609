package dev.moongate.http;

import dev.moongate.error.ErrorCode;
import dev.moongate.error.GatewayException;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/**
 * Answers what the server itself refuses before any handler sees it: in our envelope, never as a
 * page.
 */
final class ParserErrors extends ErrorHandler {
  private final ErrorShapes shapes;

  ParserErrors(ErrorShapes shapes) {
    this.shapes = shapes;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    GatewayException error = error(response.getStatus());
    String id = response.getHeaders().get("x-request-id");
    if (id == null) {
      id = RequestIds.next();
      response.getHeaders().put("x-request-id", id);
    }
    if (error.code() == ErrorCode.REQUEST_TIMEOUT) {
      // The server has it only where the client's version of HTTP is known, and half a request line
      // does not tell.
      response.getHeaders().put(HttpHeader.CONNECTION, "close");
    }
    ErrorWriter.headers(response.getHeaders(), error, false);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
    String path = request.getHttpURI() == null ? null : request.getHttpURI().getPath();
    ErrorShape.Written written = shapes.at(path).write(error, id);
    byte[] body = Wire.bytes(written.body());
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
    response.write(true, ByteBuffer.wrap(body), callback);
    return true;
  }

  private static GatewayException error(int status) {
    return switch (status) {
      case 404 -> new GatewayException(ErrorCode.NOT_FOUND, "There is nothing at this address");
      case 408 ->
          new GatewayException(ErrorCode.REQUEST_TIMEOUT, "The request took too long to arrive");
      case 413 -> new GatewayException(ErrorCode.BODY_TOO_LARGE, "The body is too large");
      case 500, 503 ->
          new GatewayException(ErrorCode.INTERNAL_ERROR, "Something went wrong inside Moongate");
      default ->
          new GatewayException(
              ErrorCode.BAD_REQUEST,
              "The request breaks the rules of HTTP/1.1 (status %d)".formatted(status));
    };
  }
}
