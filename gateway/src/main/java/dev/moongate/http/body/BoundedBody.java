package dev.moongate.http.body;

import dev.moongate.error.ErrorCode;
import dev.moongate.error.GatewayException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A body that is refused as soon as more of it comes than it may have. */
final class BoundedBody extends FilterInputStream {
  private final long limit;
  private long total;
  private boolean over;

  /**
   * Begins; reads nothing yet.
   *
   * @param declared the length that the request names, or -1
   * @throws GatewayException if that is too much already
   */
  BoundedBody(InputStream in, long declared, long limit) {
    super(in);
    this.limit = limit;
    if (declared > limit) {
      throw tooLarge();
    }
  }

  /** Nothing more of it is wanted: it reads as if it ended here. */
  void end() {
    over = true;
  }

  @Override
  public int read() throws IOException {
    if (over) {
      return -1;
    }
    int b = super.read();
    if (b >= 0) {
      count(1);
    }
    return b;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (over) {
      return -1;
    }
    int read = super.read(target, offset, length);
    count(read);
    return read;
  }

  @Override
  public long skip(long n) throws IOException {
    throw new UnsupportedOperationException("what is skipped is not counted");
  }

  private void count(long more) {
    total += Math.max(0, more);
    if (total > limit) {
      throw tooLarge();
    }
  }

  private GatewayException tooLarge() {
    return new GatewayException(
        ErrorCode.BODY_TOO_LARGE,
        "The body is larger than %d bytes; give large pictures as URLs".formatted(limit));
  }
}
