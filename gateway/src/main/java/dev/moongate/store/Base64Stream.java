package dev.moongate.store;

import dev.moongate.image.ImageBytes;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Base64;

/** Turns stored bytes into base64 on their way out; never holds more than a buffer of them. */
public final class Base64Stream {
  /** A multiple of 3, so that no piece but the last needs padding. */
  private static final int PIECE = 48 * 1024;

  private Base64Stream() {}

  /** How many characters {@code size} bytes make: known before the first is written. */
  public static long encodedLength(long size) {
    return Math.multiplyExact(4L, Math.ceilDiv(size, 3L));
  }

  /** Writes all of {@code from} to {@code to} as standard base64 without line breaks. */
  public static void copy(ImageBytes from, OutputStream to) throws IOException {
    Base64.Encoder encoder = Base64.getEncoder();
    byte[] raw = new byte[PIECE];
    byte[] encoded = new byte[PIECE / 3 * 4];
    long left = from.size();
    try (InputStream in = from.open(0)) {
      while (left > 0) {
        int read = in.readNBytes(raw, 0, (int) Math.min(PIECE, left));
        if (read < Math.min(PIECE, left)) {
          throw new EOFException("the stored picture is shorter than it was");
        }
        byte[] piece = read == PIECE ? raw : java.util.Arrays.copyOf(raw, read);
        int length = encoder.encode(piece, encoded);
        to.write(encoded, 0, length);
        left -= read;
      }
    }
  }
}
