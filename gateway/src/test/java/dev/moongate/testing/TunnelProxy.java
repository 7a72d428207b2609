package dev.moongate.testing;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * An egress proxy that knows CONNECT only, and keeps what it was asked. To it, every name under
 * .test is this machine.
 */
public final class TunnelProxy implements AutoCloseable {
  private final ServerSocket listener;
  private final List<String> heads = new CopyOnWriteArrayList<>();
  private volatile String refusal = "";

  public TunnelProxy() throws IOException {
    listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.startVirtualThread(this::accept);
  }

  public URI uri() {
    return URI.create("http://127.0.0.1:" + listener.getLocalPort());
  }

  /** The request heads, each from CONNECT to the empty line. */
  public List<String> heads() {
    return List.copyOf(heads);
  }

  /** Answers every request from now on with this, and makes no tunnel. */
  public void answerWith(String answer) {
    refusal = answer;
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        Thread.startVirtualThread(() -> tunnel(client));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void tunnel(Socket client) {
    try (client) {
      StringBuilder head = new StringBuilder();
      InputStream in = client.getInputStream();
      while (head.indexOf("\r\n\r\n") < 0) {
        int b = in.read();
        if (b < 0) {
          return;
        }
        head.append((char) b);
      }
      heads.add(head.toString());
      if (!refusal.isEmpty()) {
        client.getOutputStream().write(refusal.getBytes(StandardCharsets.ISO_8859_1));
        return;
      }
      String authority = head.substring("CONNECT ".length(), head.indexOf(" HTTP/"));
      int colon = authority.lastIndexOf(':');
      String host = authority.substring(0, colon);
      int port = Integer.parseInt(authority.substring(colon + 1));
      try (Socket target = new Socket(host.endsWith(".test") ? "127.0.0.1" : host, port)) {
        client
            .getOutputStream()
            .write("HTTP/1.1 200 Connected\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
        Thread back = Thread.startVirtualThread(() -> pump(target, client));
        pump(client, target);
        back.join();
      }
    } catch (IOException | InterruptedException e) {
      // The test is over, or it broke the tunnel on purpose.
    }
  }

  private static void pump(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
      to.shutdownOutput();
    } catch (IOException e) {
      // One side went.
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
