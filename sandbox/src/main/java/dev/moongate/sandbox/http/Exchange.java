package dev.moongate.sandbox.http;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.QuietException;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** One call and all the ways to answer it, the bad ones included. Used by one thread, once. */
final class Exchange {
  static final JsonMapper JSON = JsonMapper.builder().build();

  private final Request request;
  private final Response response;
  private final Callback callback;
  private final String requestId = UUID.randomUUID().toString();

  Exchange(Request request, Response response, Callback callback) {
    this.request = request;
    this.response = response;
    this.callback = callback;
    response.getHeaders().put("x-moongate-sandbox", "true");
  }

  Request request() {
    return request;
  }

  Response response() {
    return response;
  }

  Callback callback() {
    return callback;
  }

  /** The id the vendor would give this call. */
  String requestId() {
    return requestId;
  }

  @Nullable String header(String name) {
    return request.getHeaders().get(name);
  }

  ObjectNode newAnswer() {
    ObjectNode answer = JSON.createObjectNode();
    answer.put("request_id", requestId);
    return answer;
  }

  void answer(ObjectNode body) {
    send(200, "application/json;charset=UTF-8", JSON.writeValueAsBytes(body));
  }

  void error(int status, String code, String message) {
    ObjectNode body = newAnswer();
    body.put("code", code);
    body.put("message", message);
    send(status, "application/json;charset=UTF-8", JSON.writeValueAsBytes(body));
  }

  void html(int status) {
    String page =
        "<html>\r\n<head><title>"
            + status
            + "</title></head>\r\n<body bgcolor=\"white\">\r\n"
            + "<center><h1>"
            + status
            + " Bad Gateway</h1></center>\r\n<hr><center>tengine</center>"
            + "\r\n</body>\r\n</html>\r\n";
    send(status, "text/html", page.getBytes(StandardCharsets.UTF_8));
  }

  void ossError(int status, String code, String message) {
    String xml =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error>\n  <Code>"
            + code
            + "</Code>\n  <Message>"
            + message
            + "</Message>\n  <RequestId>"
            + requestId
            + "</RequestId>\n</Error>\n";
    send(status, "application/xml", xml.getBytes(StandardCharsets.UTF_8));
  }

  void empty(int status) {
    send(status, "application/json;charset=UTF-8", new byte[0]);
  }

  void send(int status, String type, byte[] body) {
    response.setStatus(status);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
    response.write(true, ByteBuffer.wrap(body), callback);
  }

  /** Says that the whole body comes, sends the first half, and resets the connection. */
  void truncated(ObjectNode body) {
    byte[] whole = JSON.writeValueAsBytes(body);
    response.setStatus(200);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json;charset=UTF-8");
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, whole.length);
    ByteBuffer half = ByteBuffer.wrap(whole, 0, whole.length / 2);
    response.write(false, half, Callback.from(this::close, failure -> close()));
  }

  /** Ends the connection with a reset: what a broken load balancer does. */
  void reset() {
    EndPoint endPoint = endPoint();
    if (endPoint.getTransport() instanceof SocketChannel channel) {
      try {
        channel.setOption(StandardSocketOptions.SO_LINGER, 0);
      } catch (IOException e) {
        // Already closed by the other side: there is nothing left to reset.
      }
    }
    close();
  }

  /** Ends the connection in good order but in the middle of whatever it was doing. */
  void close() {
    endPoint().close();
    // Quiet: a fault that was asked for is no news in the log.
    callback.failed(new QuietException.Exception("cut on purpose"));
  }

  private EndPoint endPoint() {
    return request.getConnectionMetaData().getConnection().getEndPoint();
  }
}
