package dev.moongate.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;

/**
 * A port on which nobody listens, and nobody can begin to while it is open: one that is merely free
 * may be another test's a moment later.
 */
public final class DeafPort implements AutoCloseable {
  private final Socket bound = new Socket();

  public DeafPort() throws IOException {
    bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  /** Where every connection is refused. */
  public URI uri() {
    return URI.create("http://127.0.0.1:" + bound.getLocalPort());
  }

  @Override
  public void close() throws IOException {
    bound.close();
  }
}
