package dev.moongate.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;

/** A client on a raw socket that reads all the while: for requests that no library would make. */
public final class RawClient implements AutoCloseable {
  private final Socket socket;
  private final ByteArrayOutputStream answer = new ByteArrayOutputStream();
  private CompletableFuture<Void> read = CompletableFuture.completedFuture(null);

  /** Connects. */
  public RawClient(int port) throws IOException {
    socket = new Socket();
    // Small, so that what is not read stays at the server.
    socket.setReceiveBufferSize(8 * 1024);
    socket.connect(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), port));
  }

  /** Begins to read whatever comes, to the end of the connection. */
  public RawClient reading() {
    read = CompletableFuture.runAsync(this::readAll, Thread::startVirtualThread);
    return this;
  }

  private void readAll() {
    try {
      byte[] block = new byte[8 * 1024];
      for (int n = socket.getInputStream().read(block);
          n >= 0;
          n = socket.getInputStream().read(block)) {
        synchronized (answer) {
          answer.write(block, 0, n);
        }
      }
    } catch (IOException e) {
      // A reset after the answer is an end too.
    }
  }

  /** Sends a request's head; lines are separated by a bar. */
  public RawClient head(String lines) throws IOException {
    return send((lines.replace("|", "\r\n") + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
  }

  public RawClient send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    return this;
  }

  /** Sends so many bytes again and again, a hundred times a second, until the connection breaks. */
  public CompletableFuture<Void> drip(int bytes) {
    return CompletableFuture.runAsync(
        () -> {
          try {
            while (true) {
              send(" ".repeat(bytes).getBytes(StandardCharsets.US_ASCII));
              LockSupport.parkNanos(10_000_000);
            }
          } catch (IOException e) {
            // Just that was waited for.
          }
        },
        Thread::startVirtualThread);
  }

  /** What came so far. */
  public String soFar() {
    synchronized (answer) {
      return answer.toString(StandardCharsets.UTF_8);
    }
  }

  /** All that came, once the connection has ended. */
  public String whole() {
    read.join();
    return soFar();
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
