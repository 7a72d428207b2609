package dev.moongate.http;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpParser;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.internal.HttpConnection;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.NanoTime;

/**
 * Makes connections on which a request's header must be whole within some time of its first byte;
 * else it is answered 408, and the connection ends. Between requests, and from the whole header to
 * the end of the answer, all is as it was.
 */
final class HeaderDeadline extends HttpConnectionFactory {
  private final Duration within;

  HeaderDeadline(HttpConfiguration http, Duration within) {
    super(http);
    this.within = within;
  }

  @Override
  public Connection newConnection(Connector connector, EndPoint endPoint) {
    HttpConnection connection = new Deadlined(getHttpConfiguration(), connector, endPoint, within);
    connection.setTransferEncodingChunkMaxLength(getTransferEncodingChunkMaxLength());
    return configure(connection, connector, endPoint);
  }

  /**
   * While more of a header is waited for, the time left to it stands in place of the idle timeout:
   * a header that comes in one piece, as nearly all do, costs nothing, and a later piece buys no
   * time. Used by whoever reads, and by the timer only while nobody does.
   */
  private static final class Deadlined extends HttpConnection {
    private final Duration within;

    /** The idle timeout that was replaced; negative if it is in force. */
    private long usualMillis = -1;

    Deadlined(HttpConfiguration http, Connector connector, EndPoint endPoint, Duration within) {
      super(http, connector, endPoint);
      this.within = within;
    }

    @Override
    public void fillInterested(Callback callback) {
      HttpParser parser = getParser();
      if (parser.isStart() || !parser.inHeaderState()) {
        super.fillInterested(callback);
        return;
      }
      long left = within.toNanos() - NanoTime.since(parser.getBeginNanoTime());
      if (left <= 0) {
        refuse();
        return;
      }
      if (usualMillis < 0) {
        usualMillis = getEndPoint().getIdleTimeout();
      }
      getEndPoint().setIdleTimeout(TimeUnit.NANOSECONDS.toMillis(left) + 1);
      super.fillInterested(callback);
    }

    @Override
    public void onFillInterestedFailed(Throwable cause) {
      if (usualMillis >= 0 && cause instanceof TimeoutException) {
        refuse();
      } else {
        super.onFillInterestedFailed(cause);
      }
    }

    private void refuse() {
      getParser().close();
      getParser()
          .getHandler()
          .badMessage(new HttpException.RuntimeException(HttpStatus.REQUEST_TIMEOUT_408));
    }

    private void headerEnds() {
      if (usualMillis >= 0) {
        getEndPoint().setIdleTimeout(usualMillis);
        usualMillis = -1;
      }
    }

    @Override
    protected RequestHandler newRequestHandler() {
      return new RequestHandler() {
        @Override
        public boolean headerComplete() {
          // Before the request begins: it takes the idle timeout of now for the usual one.
          headerEnds();
          return super.headerComplete();
        }

        @Override
        public void badMessage(HttpException failure) {
          headerEnds();
          super.badMessage(failure);
        }
      };
    }
  }
}
