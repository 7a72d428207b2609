package dev.moongate.provider;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLEngine;
import org.eclipse.jetty.client.Connection;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.ClientConnectionFactory;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.io.ssl.SslClientConnectionFactory;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.io.ssl.SslHandshakeListener;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * A connector whose end points carry a {@link RequestMeter}. Over TLS the end point that HTTP
 * writes to is the one that encrypts: what it has not taken cannot have been sent, and what it has
 * taken counts as sent although the socket may not have it yet. So an error is only ever on the
 * side of "it may have arrived".
 */
final class MeteredConnector extends ClientConnector {
  /**
   * Closes a connection and then says whether a whole request went over it; also true if that
   * cannot be known.
   */
  static boolean closeAndMeasure(Connection connection, long contentLength) {
    EndPoint endPoint = endPoint(connection);
    connection.close();
    if (endPoint == null) {
      return true;
    }
    endPoint.close();
    return !(endPoint instanceof Metered metered) || metered.meter().whole(contentLength);
  }

  /**
   * Has {@code maySend} asked before the first byte of the connection's one request; closes a
   * connection that has no gate.
   */
  static void gate(Connection connection, BooleanSupplier maySend) {
    if (endPoint(connection) instanceof Metered metered) {
      metered.gate().ask(maySend);
    } else {
      connection.close();
    }
  }

  private static @Nullable EndPoint endPoint(Connection connection) {
    return connection instanceof AbstractConnection http ? http.getEndPoint() : null;
  }

  @Override
  protected EndPoint newEndPoint(
      SelectableChannel channel, ManagedSelector selector, SelectionKey key) {
    return new PlainEndPoint((SocketChannel) channel, selector, key, getScheduler());
  }

  @Override
  public ClientConnectionFactory newSslClientConnectionFactory(
      SslContextFactory.Client tls, ClientConnectionFactory http) {
    return new SslClientConnectionFactory(tls, getByteBufferPool(), getExecutor(), http) {
      @Override
      protected SslConnection newSslConnection(EndPoint socket, SSLEngine engine) {
        return new MeteredTls(getByteBufferPool(), MeteredConnector.this, tls, socket, engine);
      }
    };
  }

  private interface Metered {
    RequestMeter meter();

    SendGate gate();
  }

  private static final class PlainEndPoint extends SocketChannelEndPoint implements Metered {
    private final RequestMeter meter = new RequestMeter();
    private final SendGate gate = new SendGate();

    PlainEndPoint(
        SocketChannel channel, ManagedSelector selector, SelectionKey key, Scheduler scheduler) {
      super(channel, selector, key, scheduler);
    }

    @Override
    public boolean flush(ByteBuffer... buffers) throws IOException {
      gate.pass();
      long before = meter.before(buffers);
      try {
        return super.flush(buffers);
      } finally {
        meter.after(before, buffers);
      }
    }

    @Override
    public RequestMeter meter() {
      return meter;
    }

    @Override
    public SendGate gate() {
      return gate;
    }
  }

  private static final class MeteredTls extends SslConnection {
    MeteredTls(
        ByteBufferPool buffers,
        ClientConnector connector,
        SslContextFactory.Client tls,
        EndPoint socket,
        SSLEngine engine) {
      super(buffers, connector.getExecutor(), tls, socket, engine);
      addHandshakeListener(
          new SslHandshakeListener() {
            @Override
            public void handshakeSucceeded(Event event) {
              ((TlsEndPoint) getSslEndPoint()).handshaken();
            }
          });
    }

    @Override
    protected SslEndPoint newSslEndPoint() {
      return new TlsEndPoint(this);
    }
  }

  private static final class TlsEndPoint extends SslConnection.SslEndPoint implements Metered {
    private final RequestMeter meter = new RequestMeter();
    private final SendGate gate = new SendGate();
    private volatile boolean handshaken;

    TlsEndPoint(SslConnection tls) {
      // The end point is an inner class of its connection.
      tls.super();
    }

    void handshaken() {
      handshaken = true;
    }

    @Override
    public boolean flush(ByteBuffer... buffers) throws IOException {
      // The handshake begins with the first write. Nothing asks for itself alone, so that the gate
      // stands behind it.
      if (!gate.passed() && !BufferUtil.isEmpty(buffers)) {
        super.flush(BufferUtil.EMPTY_BUFFER);
        if (!handshaken) {
          return false;
        }
        gate.pass();
      }
      long before = meter.before(buffers);
      try {
        return super.flush(buffers);
      } finally {
        meter.after(before, buffers);
      }
    }

    @Override
    public RequestMeter meter() {
      return meter;
    }

    @Override
    public SendGate gate() {
      return gate;
    }
  }
}
