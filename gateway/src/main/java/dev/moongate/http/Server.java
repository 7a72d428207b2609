package dev.moongate.http;

import dev.moongate.auth.Authenticator;
import java.io.IOException;
import java.net.BindException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.MinimumDataRateHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP/1.1 listener. Handlers run on virtual threads; a strict parser stands in front of them.
 */
public final class Server implements AutoCloseable {
  /**
   * Between requests: longer than clients keep idle connections (OkHttp 5 minutes, the JDK's client
   * up to 20), so that none finds one just closed.
   */
  static final Duration KEEP_ALIVE = Duration.ofMinutes(21);

  /** Within a request: how long a client may take nothing of its answer. */
  private static final Duration STALLED = Duration.ofSeconds(330);

  /** From the first byte of a request to the last of its header. */
  static final Duration HEADER_WITHIN = Duration.ofSeconds(10);

  private static final int SLOWEST_BODY_BYTES_PER_SECOND = 1024;
  private static final int HEADER_BYTES = 16 * 1024;
  private static final long STOP_MILLIS = 5_000;

  /**
   * A slash within an id may come encoded, and a doubled one is answered in words; routes are found
   * by the path as it was sent, so neither is ambiguous here.
   */
  private static final UriCompliance ADDRESSES =
      UriCompliance.UNAMBIGUOUS.with(
          "addresses",
          UriCompliance.Violation.AMBIGUOUS_PATH_SEPARATOR,
          UriCompliance.Violation.AMBIGUOUS_EMPTY_SEGMENT);

  private static final Logger LOG = LoggerFactory.getLogger(Server.class);

  private final org.eclipse.jetty.server.Server jetty;
  private final ServerConnector connector;
  private final FrontDoor door;

  private final List<Route> routes;

  private Server(
      org.eclipse.jetty.server.Server jetty,
      ServerConnector connector,
      FrontDoor door,
      List<Route> routes) {
    this.jetty = jetty;
    this.connector = connector;
    this.door = door;
    this.routes = List.copyOf(routes);
  }

  /**
   * Listens, and serves {@code routes}.
   *
   * @throws BindException if the port is taken
   */
  public static Server start(
      HttpSettings settings,
      Authenticator authenticator,
      List<Route> routes,
      ErrorShapes shapes,
      RequestMeter meter)
      throws IOException {
    return start(settings, authenticator, routes, shapes, meter, HEADER_WITHIN);
  }

  /** With another deadline of headers. */
  static Server start(
      HttpSettings settings,
      Authenticator authenticator,
      List<Route> routes,
      ErrorShapes shapes,
      RequestMeter meter,
      Duration headerWithin)
      throws IOException {
    QueuedThreadPool threads = new QueuedThreadPool(16, 4);
    threads.setName("http");
    threads.setVirtualThreadsExecutor(Executors.newVirtualThreadPerTaskExecutor());
    org.eclipse.jetty.server.Server jetty = new org.eclipse.jetty.server.Server(threads);
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    http.setSendXPoweredBy(false);
    http.setRequestHeaderSize(HEADER_BYTES);
    http.setHttpCompliance(HttpCompliance.RFC9110);
    http.setUriCompliance(ADDRESSES);
    http.setOutputBufferSize(64 * 1024);
    http.setIdleTimeout(STALLED.toMillis());
    ServerConnector connector =
        new ServerConnector(jetty, 1, 1, new HeaderDeadline(http, headerWithin));
    connector.setHost(settings.host());
    connector.setPort(settings.port());
    connector.setIdleTimeout(KEEP_ALIVE.toMillis());
    connector.setAcceptQueueSize(1024);
    jetty.addConnector(connector);
    FrontDoor door = new FrontDoor(routes, authenticator, shapes);
    jetty.setHandler(
        new MinimumDataRateHandler(
            CrossOrigin.around(door, settings.origins()), SLOWEST_BODY_BYTES_PER_SECOND, 0));
    jetty.setErrorHandler(new ParserErrors(shapes));
    jetty.setRequestLog(new AccessLog(meter));
    jetty.setStopTimeout(STOP_MILLIS);
    try {
      jetty.start();
    } catch (IOException e) {
      stop(jetty);
      throw e;
    } catch (Exception e) {
      stop(jetty);
      throw new IllegalStateException("the HTTP server did not start", e);
    }
    return new Server(jetty, connector, door, routes);
  }

  /** All that is served. */
  public List<Route> routes() {
    return routes;
  }

  /** The port that is listened on. */
  public int port() {
    return connector.getLocalPort();
  }

  /** Takes no more connections and no more of any body; the answers of all others go on. */
  public void stopAccepting() {
    connector.close();
    door.breakOffUploads();
  }

  /** Lets answers leave, for some seconds at most. */
  @Override
  public void close() {
    stop(jetty);
  }

  private static void stop(org.eclipse.jetty.server.Server jetty) {
    try {
      jetty.stop();
    } catch (TimeoutException e) {
      LOG.info("clients that had not taken their answers yet were cut off");
    } catch (Exception e) {
      throw new IllegalStateException("the HTTP server did not stop", e);
    }
  }
}
