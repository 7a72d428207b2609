package dev.moongate.http.images;

import dev.moongate.error.ErrorCode;
import dev.moongate.error.GatewayException;
import dev.moongate.image.ImageBytes;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A stored picture on its way into an answer. What the store cannot read is logged and refused: as
 * an {@link IOException} it would pass for a client that went away, and nobody would hear of it.
 *
 * @param generation whose it is; null if that is not known here
 */
record ServedPicture(ImageBytes stored, @Nullable String generation) implements ImageBytes {
  private static final Logger LOG = LoggerFactory.getLogger(ServedPicture.class);

  @Override
  public long size() {
    return stored.size();
  }

  @Override
  public InputStream open(long offset) {
    try {
      return new Bytes(stored.open(offset), size() - offset);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private GatewayException unreadable(IOException e) {
    LOG.error("a stored picture cannot be read", e);
    GatewayException refusal =
        new GatewayException(
                ErrorCode.STORE_UNAVAILABLE,
                "A stored picture cannot be read at the moment; its generation keeps it")
            .after(Duration.ofSeconds(10));
    return generation == null ? refusal : refusal.of(generation);
  }

  /** Exactly as many as were promised. */
  private final class Bytes extends FilterInputStream {
    private long left;

    Bytes(InputStream in, long left) {
      super(in);
      this.left = left;
    }

    @Override
    public int read() {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
      try {
        int read = in.read(target, offset, length);
        if (read < 0 && left > 0) {
          throw new EOFException("the stored picture is shorter than it was");
        }
        left -= Math.max(0, read);
        return read;
      } catch (IOException e) {
        throw unreadable(e);
      }
    }

    @Override
    public long skip(long n) {
      throw new UnsupportedOperationException("what is skipped is not counted");
    }
  }
}
