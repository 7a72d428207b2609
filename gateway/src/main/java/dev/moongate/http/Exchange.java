package dev.moongate.http;

import dev.moongate.auth.Caller;
import dev.moongate.error.ErrorCode;
import dev.moongate.error.GatewayException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Fields;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** One request and its answer, as an endpoint sees them. Used by one thread. */
public final class Exchange {
  static final String REQUEST_ID = "moongate.request-id";
  static final String ROUTE = "moongate.route";
  static final String KEY_ID = "moongate.key-id";
  static final String GENERATION = "moongate.generation";
  static final String EVENTS = "moongate.events";
  static final String ERROR = "moongate.error";

  private final Request request;
  private final Response response;
  private final List<String> wildcards;
  private final @Nullable Caller caller;

  Exchange(Request request, Response response, List<String> wildcards, @Nullable Caller caller) {
    this.request = request;
    this.response = response;
    this.wildcards = List.copyOf(wildcards);
    this.caller = caller;
  }

  /** The request itself; its body is read by {@link #body}. */
  public Request request() {
    return request;
  }

  /**
   * The request's body, to be read once. Reading is refused with {@code shutting_down} when the
   * gateway stops.
   */
  public InputStream body() {
    return Upload.of(request);
  }

  /** What this request is called in its answer's {@code x-request-id} and in the log. */
  public String requestId() {
    return requestId(request);
  }

  static String requestId(Request request) {
    return String.valueOf(request.getAttribute(REQUEST_ID));
  }

  /** Who asks; not on routes with {@link Access#PUBLIC}. */
  public Caller caller() {
    if (caller == null) {
      throw new IllegalStateException("a public route has no caller");
    }
    return caller;
  }

  /** What the first star of the route's path stood for. */
  public String wildcard() {
    return wildcard(0);
  }

  /** What a star of the route's path stood for, counted from 0. */
  public String wildcard(int star) {
    return wildcards.get(star);
  }

  /** A request header; empty if it is missing. */
  public Optional<String> header(HttpHeader header) {
    return Optional.ofNullable(request.getHeaders().get(header));
  }

  /** Every value of a header, one per line of the request, not split at commas. */
  static List<String> headerLines(Request request, String name) {
    List<String> lines = new ArrayList<>();
    for (HttpField field : request.getHeaders()) {
      if (field.getName().equalsIgnoreCase(name)) {
        lines.add(field.getValue() == null ? "" : field.getValue());
      }
    }
    return lines;
  }

  /** A query parameter that is there exactly once; empty otherwise. */
  public Optional<String> query(String name) {
    Fields.Field field = Request.extractQueryParameters(request).get(name);
    return field == null || field.getValues().size() != 1
        ? Optional.empty()
        : Optional.of(field.getValues().getFirst());
  }

  /** The names of the query parameters. */
  public Stream<String> queryNames() {
    return Request.extractQueryParameters(request).stream().map(Fields.Field::getName);
  }

  /**
   * The query parameters, each there at most once.
   *
   * @throws GatewayException naming one that is not known, or is there twice
   */
  public Map<String, String> queries(Set<String> known) {
    Map<String, String> values = new HashMap<>();
    for (Fields.Field field : Request.extractQueryParameters(request)) {
      String name = field.getName();
      if (!known.contains(name)) {
        throw new GatewayException(
            ErrorCode.UNKNOWN_PARAMETER,
            GatewayException.shown(name),
            "There is no query parameter %s here; there is: %s"
                .formatted(GatewayException.shown(name), String.join(", ", new TreeSet<>(known))));
      }
      if (field.getValues().size() != 1) {
        throw new GatewayException(
            ErrorCode.INVALID_VALUE, name, name + " must be given once in the query");
      }
      values.put(name, field.getValue());
    }
    return values;
  }

  /**
   * A whole number from the query.
   *
   * @throws GatewayException if it is none, or out of range
   */
  public static long number(String name, String text, long least, long most) {
    if (text.matches("[0-9]{1,15}")) {
      long number = Long.parseLong(text);
      if (number >= least && number <= most) {
        return number;
      }
    }
    throw new GatewayException(
        ErrorCode.INVALID_VALUE,
        name,
        "%s must be a whole number from %d to %d, not %s"
            .formatted(name, least, most, GatewayException.shown(text)));
  }

  /** Every value of a header, one per line of the request. */
  public List<String> headerLines(String name) {
    return headerLines(request, name);
  }

  /**
   * Whether a request like this one, sent again, would be known for what it is: see {@link
   * ErrorCode.Resend#IF_RECOGNISED}.
   */
  static boolean recognised(Request request) {
    // Only a POST of a generation begins something.
    return !request.getMethod().equals("POST")
        || !headerLines(request, "idempotency-key").isEmpty()
        || !headerLines(request, "x-stainless-retry-count").isEmpty();
  }

  /** Names the generation in the answer and in the log. */
  public void about(String generationId) {
    request.setAttribute(GENERATION, generationId);
    response.getHeaders().put("x-moongate-generation", generationId);
  }

  public void put(String header, String value) {
    response.getHeaders().put(header, value);
  }

  public void put(HttpHeader header, String value) {
    response.getHeaders().put(header, value);
  }

  /**
   * Waiting long is this product's business: the connection may be silent while an answer is
   * prepared.
   */
  public void mayWait() {
    request.addIdleTimeoutListener((TimeoutException timeout) -> false);
  }

  /** Answers with JSON. */
  public void json(int status, JsonNode body) throws IOException {
    bytes(status, "application/json", Wire.bytes(body));
  }

  /** Answers with text. */
  public void text(int status, String mediaType, String body) throws IOException {
    bytes(status, mediaType, body.getBytes(StandardCharsets.UTF_8));
  }

  private void bytes(int status, String mediaType, byte[] body) throws IOException {
    try (OutputStream out = begin(status, mediaType, body.length)) {
      out.write(body);
    }
  }

  /** Answers with no body. */
  public void empty(int status) {
    response.setStatus(status);
  }

  /**
   * Begins an answer of known length.
   *
   * @return where to write exactly {@code length} bytes; to be closed. For HEAD nothing written
   *     leaves.
   */
  public OutputStream begin(int status, String mediaType, long length) {
    response.setStatus(status);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, mediaType);
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, length);
    return Content.Sink.asOutputStream(response);
  }

  /** Begins an answer of events; its headers leave with the first of them, or the first comment. */
  public EventStream events() {
    response.setStatus(200);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/event-stream");
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
    // nginx collects an answer before it passes it on, unless it is told so.
    response.getHeaders().put("X-Accel-Buffering", "no");
    EventStream events = new EventStream(Content.Sink.asOutputStream(response));
    request.setAttribute(EVENTS, events);
    return events;
  }

  /** Whether the request is a HEAD: headers are sent, the body is not. */
  public boolean head() {
    return request.getMethod().equals("HEAD");
  }
}
