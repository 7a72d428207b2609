package dev.moongate.testing;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ServerSocketFactory;

/**
 * A scriptable HTTP/1.1 server on raw sockets: keeps every request as it came, byte for byte, and
 * answers by script, up to faults that no HTTP server would commit.
 *
 * <p>A script is a list of handlers per path (exact, or a beginning that ends in {@code *}); the
 * last one repeats. A path without a script is answered 404 with a plain text. Thread-safe.
 */
public final class StandInUpstream implements AutoCloseable {
  private static final byte[] CRLF2 = {'\r', '\n', '\r', '\n'};

  private final ServerSocket listener;
  private final boolean secure;
  private final Map<String, Script> scripts = new ConcurrentHashMap<>();
  private final LinkedBlockingQueue<Received> arrived = new LinkedBlockingQueue<>();
  private final List<Received> received = new ArrayList<>();
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final AtomicInteger connections = new AtomicInteger();
  private final CountDownLatch closed = new CountDownLatch(1);

  public StandInUpstream() {
    this(ServerSocketFactory.getDefault(), false);
  }

  /** Speaks TLS if the factory does. */
  public StandInUpstream(ServerSocketFactory factory, boolean secure) {
    try {
      listener = factory.createServerSocket(0, 2048, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    this.secure = secure;
    Thread.startVirtualThread(this::accept);
  }

  /** What to do with a request whose body has been read. */
  @FunctionalInterface
  public interface Handler {
    void handle(Received request, Reply reply) throws Exception;
  }

  /**
   * A request as it came.
   *
   * @param target path and query, as written
   * @param headers names in lower case; values of repeated ones joined by comma
   * @param head the bytes up to and with the empty line
   * @param body the bytes read; fewer than announced for a request that was cut off
   */
  @SuppressWarnings("ArrayRecordComponent") // the bytes are what tests compare
  public record Received(
      String method, String target, Map<String, String> headers, String head, byte[] body) {
    public String path() {
      int query = target.indexOf('?');
      return query < 0 ? target : target.substring(0, query);
    }

    /** Whether all of the body came that was announced. */
    public boolean whole() {
      String announced = header("content-length");
      return announced == null || Integer.parseInt(announced) == body.length;
    }

    public String bodyText() {
      return new String(body, StandardCharsets.UTF_8);
    }

    /** Null if it was not sent. */
    public String header(String name) {
      return headers.get(name.toLowerCase(java.util.Locale.ROOT));
    }
  }

  private record Script(int readBytes, List<Handler> handlers, AtomicInteger next) {
    Handler take() {
      return handlers.get(Math.min(next.getAndIncrement(), handlers.size() - 1));
    }
  }

  /** The address, such as {@code http://127.0.0.1:4711}. */
  public URI uri() {
    return URI.create(
        (secure ? "https://localhost:" : "http://127.0.0.1:") + listener.getLocalPort());
  }

  public int port() {
    return listener.getLocalPort();
  }

  /** The address of a path. */
  public String url(String path) {
    return uri() + path;
  }

  /** Answers a path; several handlers are used one after another. */
  public StandInUpstream respond(String path, Handler... handlers) {
    return script(path, -1, handlers);
  }

  /** Acts after {@code bytes} of the body only; the rest is never read. */
  public StandInUpstream respondAfter(String path, int bytes, Handler... handlers) {
    return script(path, bytes, handlers);
  }

  private StandInUpstream script(String path, int readBytes, Handler... handlers) {
    scripts.put(path, new Script(readBytes, List.of(handlers), new AtomicInteger()));
    return this;
  }

  public static Handler json(int status, String body) {
    return (_, reply) -> reply.send(status, Map.of("Content-Type", "application/json"), body);
  }

  public static Handler json(int status, Map<String, String> headers, String body) {
    return (_, reply) -> reply.send(status, headers, body);
  }

  public static Handler html(int status) {
    return (_, reply) ->
        reply.send(
            status, Map.of("Content-Type", "text/html"), "<html><h1>" + status + "</h1></html>");
  }

  public static Handler bytes(int status, String type, byte[] body) {
    return (_, reply) -> reply.send(status, Map.of("Content-Type", type), body);
  }

  /** Ends the connection with a reset instead of an answer. */
  public static Handler reset() {
    return (_, reply) -> reply.reset();
  }

  /** Ends the connection in good order, without an answer. */
  public static Handler hangUp() {
    return (_, reply) -> reply.close();
  }

  /** Never answers. */
  public static Handler silence() {
    return (_, reply) -> reply.hang();
  }

  /** Announces all of a body and sends only its beginning. */
  public static Handler truncated(int status, String type, byte[] body, int sent) {
    return (_, reply) -> {
      reply.raw(
          "HTTP/1.1 "
              + status
              + " X\r\nContent-Type: "
              + type
              + "\r\nContent-Length: "
              + body.length
              + "\r\n\r\n");
      reply.raw(Arrays.copyOf(body, sent));
      reply.close();
    };
  }

  /** Sends these bytes as they are and closes. */
  public static Handler raw(String answer) {
    return (_, reply) -> {
      reply.raw(answer);
      reply.close();
    };
  }

  /** All requests so far, in order of arrival. */
  public List<Received> received() {
    synchronized (received) {
      return List.copyOf(received);
    }
  }

  /** The requests to one path. */
  public List<Received> received(String path) {
    return received().stream().filter(r -> r.path().equals(path)).toList();
  }

  /** Waits for the next request that nobody has taken yet. */
  public Received take() throws InterruptedException {
    Received next = arrived.poll(120, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("no request came");
    }
    return next;
  }

  /** How many connections were made. */
  public int connections() {
    return connections.get();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket socket = listener.accept();
        connections.incrementAndGet();
        sockets.add(socket);
        Thread.startVirtualThread(() -> serve(socket));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      InputStream in = new BufferedInputStream(socket.getInputStream());
      Reply reply = new Reply(socket);
      while (!reply.ended && serveOne(in, reply)) {
        socket.getOutputStream().flush();
      }
    } catch (Exception e) {
      // The client went, or the handler broke the connection on purpose.
    } finally {
      sockets.remove(socket);
    }
  }

  private boolean serveOne(InputStream in, Reply reply) throws Exception {
    byte[] head = readHead(in);
    if (head.length == 0) {
      return false;
    }
    String text = new String(head, StandardCharsets.ISO_8859_1);
    String[] lines = text.split("\r\n", -1);
    String[] first = lines[0].split(" ", 3);
    Map<String, String> headers = new TreeMap<>();
    for (int i = 1; i < lines.length - 2; i++) {
      int colon = lines[i].indexOf(':');
      String name = lines[i].substring(0, colon).toLowerCase(java.util.Locale.ROOT);
      headers.merge(name, lines[i].substring(colon + 1).strip(), (a, b) -> a + "," + b);
    }
    Script script = scriptOf(new Received(first[0], first[1], headers, text, new byte[0]).path());
    byte[] body = readBody(in, headers, script.readBytes());
    Received request = new Received(first[0], first[1], headers, text, body);
    synchronized (received) {
      received.add(request);
    }
    arrived.add(request);
    script.take().handle(request, reply);
    return script.readBytes() < 0;
  }

  private Script scriptOf(String path) {
    Script exact = scripts.get(path);
    if (exact != null) {
      return exact;
    }
    return scripts.entrySet().stream()
        .filter(e -> e.getKey().endsWith("*"))
        .filter(e -> path.startsWith(e.getKey().substring(0, e.getKey().length() - 1)))
        .max(java.util.Comparator.comparingInt(e -> e.getKey().length()))
        .map(Map.Entry::getValue)
        .orElseGet(() ->
            new Script(
                -1,
                List.of((_, reply) -> reply.send(404, Map.of(), "no script for " + path)),
                new AtomicInteger()));
  }

  private static byte[] readHead(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    int matched = 0;
    while (matched < CRLF2.length) {
      int b = in.read();
      if (b < 0) {
        return new byte[0];
      }
      head.write(b);
      matched = b == CRLF2[matched] ? matched + 1 : b == '\r' ? 1 : 0;
    }
    return head.toByteArray();
  }

  private static byte[] readBody(InputStream in, Map<String, String> headers, int atMost)
      throws IOException {
    if ("chunked".equalsIgnoreCase(headers.get("transfer-encoding"))) {
      ByteArrayOutputStream body = new ByteArrayOutputStream();
      for (int size = chunkSize(in); size > 0; size = chunkSize(in)) {
        body.write(in.readNBytes(size));
        in.readNBytes(2);
      }
      in.readNBytes(2);
      return body.toByteArray();
    }
    int announced = Integer.parseInt(headers.getOrDefault("content-length", "0"));
    return in.readNBytes(atMost < 0 ? announced : Math.min(atMost, announced));
  }

  private static int chunkSize(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new EOFException();
      }
      line.append((char) b);
    }
    return Integer.parseInt(line.toString().strip(), 16);
  }

  @Override
  public void close() {
    closed.countDown();
    try {
      listener.close();
      for (Socket socket : sockets) {
        socket.close();
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The way back to a client. */
  public final class Reply {
    private final Socket socket;
    private boolean ended;

    private Reply(Socket socket) {
      this.socket = socket;
    }

    public void send(int status, Map<String, String> headers, String body) throws IOException {
      send(status, headers, body.getBytes(StandardCharsets.UTF_8));
    }

    /** A well-formed answer with its length; the connection stays open. */
    public void send(int status, Map<String, String> headers, byte[] body) throws IOException {
      StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " X\r\n");
      headers.forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
      raw(head + "Content-Length: " + body.length + "\r\n\r\n");
      raw(body);
    }

    public void raw(String text) throws IOException {
      raw(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    public void raw(byte[] bytes) throws IOException {
      OutputStream out = socket.getOutputStream();
      out.write(bytes);
      out.flush();
    }

    /** Goes on with whatever TCP allows. */
    public Socket socket() {
      return socket;
    }

    public void reset() throws IOException {
      ended = true;
      socket.setSoLinger(true, 0);
      socket.close();
    }

    public void close() throws IOException {
      ended = true;
      socket.close();
    }

    /** Keeps the connection without a word until the server ends. */
    public void hang() throws InterruptedException {
      ended = true;
      closed.await();
    }
  }
}
