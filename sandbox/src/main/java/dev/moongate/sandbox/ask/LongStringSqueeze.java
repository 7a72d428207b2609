package dev.moongate.sandbox.ask;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Lets JSON through but only the head of a very long string, so that nine pictures of 20 MB in one
 * body need no memory. A cut string ends in a NUL and the number of bytes left out.
 */
final class LongStringSqueeze extends InputStream {
  /** More than 5000 code points can take when each is written as two escapes. */
  private static final int KEPT = 128 * 1024;

  private final InputStream in;
  private final long limit;
  private final byte[] block = new byte[16 * 1024];
  private int at;
  private int end;
  private long seen;
  private boolean inString;
  private boolean escaped;
  private int length;
  private int sinceBackslash;
  private long dropped;
  private byte[] tail = {};
  private int tailAt;

  LongStringSqueeze(InputStream in, long limit) {
    this.in = in;
    this.limit = limit;
  }

  @Override
  public int read() throws IOException {
    if (tailAt < tail.length) {
      return tail[tailAt++] & 0xff;
    }
    while (true) {
      int b = next();
      if (b < 0) {
        return -1;
      }
      if (!inString) {
        if (b == '"') {
          inString = true;
          length = 0;
          sinceBackslash = 12;
          dropped = 0;
        }
        return b;
      }
      boolean closing = b == '"' && !escaped;
      escaped = b == '\\' && !escaped;
      sinceBackslash = b == '\\' ? 0 : sinceBackslash + 1;
      if (closing) {
        inString = false;
        return dropped > 0 ? marked() : b;
      }
      // The cut falls on an ASCII byte well clear of an escape: never inside a character.
      if (dropped > 0 || (length >= KEPT && b < 0x80 && sinceBackslash > 12)) {
        dropped++;
        continue;
      }
      length++;
      return b;
    }
  }

  private int marked() {
    tail = String.format(Locale.ROOT, "u0000%d\"", dropped).getBytes(StandardCharsets.US_ASCII);
    tailAt = 0;
    return '\\';
  }

  private int next() throws IOException {
    if (at == end) {
      end = in.read(block);
      at = 0;
      if (end <= 0) {
        end = 0;
        return -1;
      }
      seen += end;
      if (seen > limit) {
        throw new VendorError(400, "BadRequest.TooLarge", "Payload Too Large");
      }
    }
    return block[at++] & 0xff;
  }

  @Override
  public int read(byte[] into, int from, int count) throws IOException {
    int done = 0;
    while (done < count) {
      int b = read();
      if (b < 0) {
        return done == 0 ? -1 : done;
      }
      into[from + done++] = (byte) b;
      if (done > 0 && at == end && tailAt >= tail.length) {
        return done;
      }
    }
    return done;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
