package dev.moongate.provider;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.eclipse.jetty.client.InputStreamResponseListener;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.http.HttpHeader;
import org.jspecify.annotations.Nullable;

/** An answer whose body is read while it comes. Close breaks off what was not read. */
public final class Download implements AutoCloseable {
  private final Request request;
  private final Response response;
  private final InputStreamResponseListener body;

  Download(Request request, Response response, InputStreamResponseListener body) {
    this.request = request;
    this.response = response;
    this.body = body;
  }

  public int status() {
    return response.getStatus();
  }

  /** Where a redirect points, as written; null if it does not say. */
  public @Nullable String location() {
    return response.getHeaders().get(HttpHeader.LOCATION);
  }

  /** The announced length; -1 if there is none. */
  public long contentLength() {
    return response.getHeaders().getLongField(HttpHeader.CONTENT_LENGTH);
  }

  /** Whether it carries an encoding, which we never ask for. */
  public boolean encoded() {
    return HttpCalls.encoded(response.getHeaders());
  }

  /**
   * The bytes. A read fails with {@link java.io.InterruptedIOException} once the time is up or
   * nothing comes, and with another IOException if the connection breaks; the message is one word
   * or two.
   */
  public InputStream body() {
    return new FilterInputStream(body.getInputStream()) {
      @Override
      public int read() throws IOException {
        try {
          return in.read();
        } catch (IOException e) {
          throw CallTrouble.failureOf(e);
        }
      }

      @Override
      public int read(byte[] target, int offset, int length) throws IOException {
        try {
          return in.read(target, offset, length);
        } catch (IOException e) {
          throw CallTrouble.failureOf(e);
        }
      }
    };
  }

  @Override
  public void close() {
    // No effect on an exchange that is complete: its connection stays usable.
    var _ = request.abort(new IOException("not read to its end"));
  }
}
