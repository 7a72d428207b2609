package dev.moongate.provider;

import dev.moongate.provider.CallOutcome.Broken;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.eclipse.jetty.client.Connection;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.InputStreamRequestContent;
import org.eclipse.jetty.client.InputStreamResponseListener;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.transport.HttpClientTransportOverHTTP;
import org.eclipse.jetty.http.HttpCookieStore;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * The one place that makes HTTP clients. They speak HTTP/1.1, follow nothing, authenticate nowhere,
 * repeat nothing, keep no cookies, ask for no encoding, and read a bounded answer in bounded time.
 *
 * <p>Calls block their (virtual) thread and are safe from many at once. A {@link #submit} has a
 * connection of its own, so that a pooled one that died meanwhile can never make its outcome
 * unknown; {@link #ask}, {@link #download} and {@link #post} share connections.
 */
public final class HttpCalls implements AutoCloseable {
  private static final String AGENT = "moongate";
  private static final int LARGEST_HEADERS = 64 * 1024;
  private static final Duration CONNECT = Duration.ofSeconds(10);
  // Name, TCP, proxy and TLS together.
  private static final Duration LONGEST_CONNECTING = Duration.ofSeconds(20);
  private static final Duration POOLED_IDLE = Duration.ofSeconds(20);

  private final Egress egress;
  private final QueuedThreadPool threads;
  private final HttpClient open;
  private final HttpClient guarded;

  public HttpCalls(Egress egress) {
    this(egress, new SslContextFactory.Client());
  }

  HttpCalls(Egress egress, SslContextFactory.Client tls) {
    this.egress = egress;
    threads = new QueuedThreadPool(16, 1);
    threads.setName("calls");
    threads.setDaemon(true);
    threads.setReservedThreads(0);
    threads.setVirtualThreadsExecutor(Executors.newVirtualThreadPerTaskExecutor());
    start(threads);
    open = newClient(tls);
    if (egress.httpsProxy() != null) {
      EgressProxy.use(
          open.getProxyConfiguration(), open.getAuthenticationStore(), egress, egress.httpsProxy());
    }
    guarded = newClient(tls);
    guarded.setDestinationIdleTimeout(Duration.ofMinutes(10).toMillis());
    guarded.setSocketAddressResolver(new GuardedResolver(threads));
    start(open);
    start(guarded);
    // What is left of them understands 100 and 103 and does nothing else.
    for (HttpClient client : new HttpClient[] {open, guarded}) {
      client.getProtocolHandlers().remove("redirect");
      client.getProtocolHandlers().remove("www-authenticate");
      client.getProtocolHandlers().remove("proxy-authenticate");
      client.getContentDecoderFactories().clear();
    }
  }

  /**
   * Sends a request once, over a new connection, and measures how much of it left.
   *
   * @param maySend asked directly before the first byte, because connecting may take long; if it
   *     says no, nothing was sent
   */
  public CallOutcome submit(HttpCall call, BooleanSupplier maySend) {
    Request request = newRequest(open, call);
    CompletableFuture<Connection> connecting = open.resolveDestination(request).newConnection();
    Connection connection;
    try {
      long patience = Math.min(call.timeout().toMillis(), LONGEST_CONNECTING.toMillis());
      connection = connecting.get(patience, TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      return new Broken("no connection: " + CallTrouble.reasonOf(e), false);
    } catch (TimeoutException | InterruptedException e) {
      var _ = connecting.thenAccept(Connection::close);
      restoreInterrupt(e);
      return new Broken("no connection: " + CallTrouble.reasonOf(e), false);
    }
    MeteredConnector.gate(connection, maySend);
    AnswerListener listener = new AnswerListener(call.largestAnswer());
    connection.send(request, listener);
    AnswerListener.Heard heard = listener.await(call.timeout());
    long length = call.body() == null ? 0 : call.body().length();
    return heard.outcome(MeteredConnector.closeAndMeasure(connection, length));
  }

  /** Sends a request that may be sent again: a poll, a listing, a cancel. */
  public CallOutcome ask(HttpCall call) {
    Request request = newRequest(open, call);
    AnswerListener listener = new AnswerListener(call.largestAnswer());
    request.send(listener);
    AnswerListener.Heard heard = listener.await(call.timeout());
    if (heard.failure() != null) {
      var _ = request.abort(heard.failure());
    }
    return heard.outcome(true);
  }

  /**
   * Begins to read what lies at a link, with no credentials. Redirects are answers like others.
   *
   * @param trusted whether its host may resolve to any address; otherwise all must be public
   * @param idle how long nothing may come
   * @param total how long all of it may take
   * @throws IOException if there is no answer; {@link AddressRefusedException} if the host may not
   *     be connected to, {@link ConnectException} if there was no connection, {@link
   *     InterruptedIOException} if the time was up
   */
  public Download download(URI link, boolean trusted, Duration idle, Duration total)
      throws IOException {
    Request request = clientFor(link, trusted).newRequest(link).method("GET");
    request.headers(headers -> headers.put(HttpHeader.ACCEPT_ENCODING, "identity"));
    request.idleTimeout(idle.toMillis(), TimeUnit.MILLISECONDS);
    return begin(request, CONNECT.plus(idle), total);
  }

  /**
   * Sends a request to an address that a caller named, and begins to read the answer. Redirects are
   * answers like others; no more of it is read than the caller does.
   *
   * @param trusted whether its host may resolve to any address; otherwise all must be public
   * @throws IOException as {@link #download} does
   */
  public Download post(HttpCall call, boolean trusted) throws IOException {
    Request request = newRequest(clientFor(call.uri(), trusted), call);
    return begin(request, call.timeout(), call.timeout());
  }

  private HttpClient clientFor(URI uri, boolean trusted) throws UnknownHostException {
    boolean proxied = egress.usesProxy(uri.getScheme(), uri.getHost(), uri.getPort());
    if (proxied && !trusted) {
      GuardedResolver.requirePublic(uri.getHost());
    }
    return trusted || proxied ? open : guarded;
  }

  private static Download begin(Request request, Duration patience, Duration total)
      throws IOException {
    request.timeout(total.toMillis(), TimeUnit.MILLISECONDS);
    // Told before the first byte is written: a server may hang up before anybody hears that it was.
    AtomicBoolean connected = new AtomicBoolean();
    request.onRequestHeaders(_ -> connected.set(true));
    InputStreamResponseListener body = new InputStreamResponseListener();
    request.send(body);
    try {
      return new Download(request, body.get(patience.toMillis(), TimeUnit.MILLISECONDS), body);
    } catch (ExecutionException e) {
      if (CallTrouble.rootOf(e) instanceof AddressRefusedException refused) {
        throw refused;
      }
      throw connected.get()
          ? CallTrouble.failureOf(e)
          : new ConnectException(CallTrouble.reasonOf(e));
    } catch (TimeoutException | InterruptedException e) {
      var _ = request.abort(e);
      restoreInterrupt(e);
      throw new InterruptedIOException(CallTrouble.reasonOf(e));
    }
  }

  private static void restoreInterrupt(Exception e) {
    if (e instanceof InterruptedException) {
      Thread.currentThread().interrupt();
    }
  }

  private static Request newRequest(HttpClient client, HttpCall call) {
    Request request = client.newRequest(call.uri()).method(call.method());
    request.headers(headers -> {
      headers.put(HttpHeader.ACCEPT_ENCODING, "identity");
      call.headers().forEach(headers::put);
    });
    // The waiting thread keeps the time; the idle time of pooled connections must not end a call.
    request.idleTimeout(call.timeout().plusSeconds(5).toMillis(), TimeUnit.MILLISECONDS);
    StreamedBody body = call.body();
    if (body != null) {
      request.body(
          new InputStreamRequestContent(
              call.headers().getOrDefault("Content-Type", "application/octet-stream"),
              body.open(),
              new ByteBufferPool.Sized(client.getByteBufferPool(), false, 32 * 1024)) {
            @Override
            public long getLength() {
              return body.length();
            }
          });
    }
    return request;
  }

  private HttpClient newClient(SslContextFactory.Client tls) {
    MeteredConnector connector = new MeteredConnector();
    connector.setSelectors(1);
    connector.setSslContextFactory(tls);
    connector.setExecutor(threads);
    HttpClient client = new HttpClient(new HttpClientTransportOverHTTP(connector));
    client.setExecutor(threads);
    client.setFollowRedirects(false);
    client.setHttpCookieStore(new HttpCookieStore.Empty());
    client.setUserAgentField(new HttpField(HttpHeader.USER_AGENT, AGENT));
    client.setConnectTimeout(CONNECT.toMillis());
    client.setAddressResolutionTimeout(CONNECT.toMillis());
    client.setIdleTimeout(POOLED_IDLE.toMillis());
    client.setMaxConnectionsPerDestination(256);
    client.setMaxRequestsQueuedPerDestination(4096);
    client.setMaxResponseHeadersSize(LARGEST_HEADERS);
    client.setRequestBufferSize(16 * 1024);
    client.setResponseBufferSize(32 * 1024);
    return client;
  }

  static boolean encoded(HttpFields headers) {
    String encoding = headers.get(HttpHeader.CONTENT_ENCODING);
    return encoding != null && !encoding.equalsIgnoreCase("identity");
  }

  private static void start(org.eclipse.jetty.util.component.LifeCycle part) {
    try {
      part.start();
    } catch (Exception e) {
      throw new IllegalStateException("the HTTP client does not start", e);
    }
  }

  @Override
  public void close() {
    org.eclipse.jetty.util.component.LifeCycle.stop(open);
    org.eclipse.jetty.util.component.LifeCycle.stop(guarded);
    org.eclipse.jetty.util.component.LifeCycle.stop(threads);
  }
}
