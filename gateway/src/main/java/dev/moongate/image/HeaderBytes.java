package dev.moongate.image;

import java.io.IOException;
import java.io.InputStream;

/** Reads a header's bytes; says so when they end, instead of giving zeros. */
final class HeaderBytes {
  /** No header is longer than this, whatever its chunks say. */
  private static final long LONGEST = 64L << 20;

  private final InputStream in;
  private long taken;

  HeaderBytes(InputStream in) {
    this.in = in;
  }

  /** The bytes ended, or went on without end, inside the header. */
  static final class EndedException extends IOException {
    EndedException() {
      super("the picture ends inside its header");
    }
  }

  int one() throws IOException {
    int value = in.read();
    if (value < 0 || ++taken > LONGEST) {
      throw new EndedException();
    }
    return value;
  }

  byte[] take(int count) throws IOException {
    byte[] bytes = new byte[count];
    for (int i = 0; i < count; i++) {
      bytes[i] = (byte) one();
    }
    return bytes;
  }

  int bigEndian(int count) throws IOException {
    int value = 0;
    for (int i = 0; i < count; i++) {
      value = (value << 8) | one();
    }
    return value;
  }

  int littleEndian(int count) throws IOException {
    int value = 0;
    for (int i = 0; i < count; i++) {
      value |= one() << (8 * i);
    }
    return value;
  }

  void skip(long count) throws IOException {
    taken += count;
    if (taken > LONGEST) {
      throw new EndedException();
    }
    try {
      in.skipNBytes(count);
    } catch (java.io.EOFException e) {
      throw new EndedException();
    }
  }
}
