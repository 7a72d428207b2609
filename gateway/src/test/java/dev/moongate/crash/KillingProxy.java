package dev.moongate.crash;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Stands before the upstream and kills the gateway when a submit has come so far. */
final class KillingProxy implements AutoCloseable {
  private final ServerSocket listener = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
  private final int upstream;
  private volatile @Nullable KillPoint armed;
  private volatile Runnable kill = () -> {};

  KillingProxy(int upstream) throws IOException {
    this.upstream = upstream;
    Thread.startVirtualThread(this::accept);
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + listener.getLocalPort());
  }

  void arm(@Nullable KillPoint point, Runnable killing) {
    kill = killing;
    armed = point;
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listener.accept();
        Thread.startVirtualThread(() -> serve(client));
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private void serve(Socket client) {
    try (client;
        Socket server = new Socket(InetAddress.getLoopbackAddress(), upstream)) {
      Exchange exchange = new Exchange();
      Thread.startVirtualThread(() -> back(server, client, exchange));
      InputStream in = client.getInputStream();
      OutputStream out = server.getOutputStream();
      byte[] buffer = new byte[4096];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        String text = new String(buffer, 0, read, StandardCharsets.ISO_8859_1);
        if (text.startsWith("POST ") && text.contains("/generation")) {
          exchange.submit = true;
        }
        if (exchange.submit && armed == KillPoint.K6_SUBMIT_HALF_WRITTEN) {
          out.write(buffer, 0, read / 2);
          out.flush();
          kill.run();
          return;
        }
        out.write(buffer, 0, read);
        out.flush();
      }
    } catch (IOException e) {
      // One of the two has gone; the other is closed with it.
    }
  }

  private void back(Socket server, Socket client, Exchange exchange) {
    try (server;
        client) {
      InputStream in = server.getInputStream();
      OutputStream out = client.getOutputStream();
      byte[] buffer = new byte[4096];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        if (exchange.submit && armed == KillPoint.K7_SUBMIT_WRITTEN) {
          kill.run();
          return;
        }
        exchange.submit = false;
        out.write(buffer, 0, read);
        out.flush();
      }
    } catch (IOException e) {
      // As above.
    }
  }

  /** What goes over one connection at the moment. */
  private static final class Exchange {
    private volatile boolean submit;
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
