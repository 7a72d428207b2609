package dev.moongate.http;

import dev.moongate.auth.Authenticator;
import dev.moongate.auth.Caller;
import dev.moongate.auth.Role;
import dev.moongate.error.ErrorCode;
import dev.moongate.error.GatewayException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What every request passes, in this order and nowhere else: request id, error boundary, route,
 * authentication, endpoint. The access log is written by the server when the answer has left, see
 * {@link AccessLog}.
 */
final class FrontDoor extends Handler.Abstract {
  private static final Logger LOG = LoggerFactory.getLogger(FrontDoor.class);

  /** What is true of the request whatever becomes of it; the rest was about another body. */
  private static final Set<String> KEPT_ON_ERRORS =
      Set.of(
          "x-request-id",
          "allow",
          "content-range",
          "idempotent-replayed",
          "preference-applied",
          "vary");

  private final List<Route> routes;
  private final WrongTurns wrongTurns;
  private final Authenticator authenticator;
  private final ErrorShapes shapes;
  private final Set<Upload> uploads = ConcurrentHashMap.newKeySet();
  private volatile boolean stopping;

  FrontDoor(List<Route> routes, Authenticator authenticator, ErrorShapes shapes) {
    this.routes = List.copyOf(routes);
    this.wrongTurns = new WrongTurns(this.routes, shapes);
    this.authenticator = authenticator;
    this.shapes = shapes;
  }

  /** Nobody waits for the rest of a body any more: the gateway stops. */
  void breakOffUploads() {
    stopping = true;
    uploads.forEach(Upload::breakOff);
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    String id = RequestIds.next();
    request.setAttribute(Exchange.REQUEST_ID, id);
    response.getHeaders().put("x-request-id", id);
    Upload upload = Upload.of(request);
    uploads.add(upload);
    if (stopping) {
      upload.breakOff();
    }
    try {
      route(request, response);
      callback.succeeded();
    } catch (GatewayException e) {
      refuse(request, response, callback, e);
    } catch (IOException e) {
      // The client went away; whatever it asked for goes on without it.
      callback.failed(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      refuse(
          request,
          response,
          callback,
          new GatewayException(ErrorCode.SHUTTING_DOWN, "Moongate is stopping"));
    } catch (Exception e) {
      LOG.error("request {} failed", id, e);
      refuse(
          request,
          response,
          callback,
          new GatewayException(
              ErrorCode.INTERNAL_ERROR,
              "Something went wrong inside Moongate; its log knows this request as " + id));
    } finally {
      uploads.remove(upload);
    }
    return true;
  }

  private void route(Request request, Response response) throws Exception {
    String method = request.getMethod();
    if (CrossOrigin.letsPass(request, response)) {
      response.setStatus(204);
      return;
    }
    String path = Objects.requireNonNullElse(request.getHttpURI().getPath(), "");
    TreeSet<String> allowed = new TreeSet<>();
    for (Route route : routes) {
      Optional<List<String>> wildcards = route.match(path);
      if (wildcards.isEmpty()) {
        continue;
      }
      allowed.add(route.method());
      boolean head = method.equals("HEAD") && route.method().equals("GET");
      if (route.method().equals(method) || head) {
        request.setAttribute(Exchange.ROUTE, route);
        Role least = route.access().least(fromLoopback(request));
        Caller caller = least == null ? null : authenticate(request, least);
        route.endpoint().answer(new Exchange(request, response, wildcards.orElseThrow(), caller));
        return;
      }
    }
    if (allowed.isEmpty()) {
      throw wrongTurns.notFound(method, path);
    }
    response.getHeaders().put(HttpHeader.ALLOW, String.join(", ", allowed));
    throw WrongTurns.wrongMethod(method, path, allowed);
  }

  /** Goes by the connection alone: a header that names another address may be anybody's. */
  private static boolean fromLoopback(Request request) {
    return request.getConnectionMetaData().getRemoteSocketAddress()
            instanceof InetSocketAddress peer
        && peer.getAddress() != null
        && peer.getAddress().isLoopbackAddress();
  }

  private Caller authenticate(Request request, Role least) {
    Caller caller =
        authenticator.authenticate(
            Exchange.headerLines(request, "authorization"),
            apiKey(request),
            Request.getRemoteAddr(request));
    request.setAttribute(Exchange.KEY_ID, caller.keyId());
    Role role = caller.terms().role();
    if (!role.covers(least)) {
      throw new GatewayException(
          ErrorCode.PERMISSION_DENIED,
          "This key is %s; a key for this must be %s".formatted(role.wireName(), least.wireName()));
    }
    return caller;
  }

  private static @Nullable String apiKey(Request request) {
    List<String> lines = new ArrayList<>(Exchange.headerLines(request, "api-key"));
    lines.addAll(Exchange.headerLines(request, "x-api-key"));
    return lines.size() == 1 ? lines.getFirst() : null;
  }

  /** What was said before the refusal, and holds all the same. */
  private static boolean stays(HttpField field) {
    String name = field.getName().toLowerCase(Locale.ROOT);
    return KEPT_ON_ERRORS.contains(name)
        || name.startsWith("x-ratelimit-")
        || name.startsWith("access-control-");
  }

  private void refuse(
      Request request, Response response, Callback callback, GatewayException error) {
    request.setAttribute(Exchange.ERROR, error.code());
    if (response.isCommitted()) {
      if (request.getAttribute(Exchange.EVENTS) instanceof EventStream events
          && events.tryEnd(ErrorWriter.envelope(error, request))) {
        callback.succeeded();
      } else {
        callback.failed(error);
      }
      return;
    }
    HttpFields before = response.getHeaders().asImmutable();
    response.reset();
    for (HttpField field : before) {
      if (stays(field)) {
        response.getHeaders().put(field);
      }
    }
    if (error.generationId() != null) {
      request.setAttribute(Exchange.GENERATION, error.generationId());
    }
    ErrorWriter.headers(response.getHeaders(), error, Exchange.recognised(request));
    ErrorShape.Written written =
        shapes.at(request.getHttpURI().getPath()).write(error, Exchange.requestId(request));
    byte[] body = Wire.bytes(written.body());
    response.setStatus(written.status());
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
    Upload upload = Upload.of(request);
    if (!upload.ended() && error.code().status() != 404) {
      // What is left of the body must not be taken for the next request.
      response.getHeaders().put(HttpHeader.CONNECTION, "close");
    }
    try (OutputStream out = Content.Sink.asOutputStream(response)) {
      out.write(body);
    } catch (IOException e) {
      callback.failed(e);
      return;
    }
    upload.pourAway();
    callback.succeeded();
  }
}
