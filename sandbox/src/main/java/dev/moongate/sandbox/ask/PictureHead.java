package dev.moongate.sandbox.ask;

import java.nio.charset.StandardCharsets;

/** What the first bytes of a picture say: whether its format is taken, and its pixels if found. */
record PictureHead(Format format, int width, int height) {
  enum Format {
    GOOD,
    PNG_WITH_ALPHA,
    UNKNOWN
  }

  static PictureHead read(byte[] b) {
    if (b.length >= 26 && u8(b, 0) == 0x89 && text(b, 1, "PNG")) {
      int type = u8(b, 25);
      Format format = type == 4 || type == 6 ? Format.PNG_WITH_ALPHA : Format.GOOD;
      return new PictureHead(format, be32(b, 16), be32(b, 20));
    }
    if (b.length >= 4 && u8(b, 0) == 0xff && u8(b, 1) == 0xd8) {
      return jpeg(b);
    }
    if (b.length >= 26 && text(b, 0, "BM")) {
      return new PictureHead(Format.GOOD, le(b, 18, 4), Math.abs(le(b, 22, 4)));
    }
    if (b.length >= 30 && text(b, 0, "RIFF") && text(b, 8, "WEBP")) {
      return webp(b);
    }
    return new PictureHead(Format.UNKNOWN, 0, 0);
  }

  private static PictureHead jpeg(byte[] b) {
    int at = 2;
    while (at + 9 < b.length && u8(b, at) == 0xff) {
      int marker = u8(b, at + 1);
      boolean frame = marker >= 0xc0 && marker <= 0xcf;
      if (frame && marker != 0xc4 && marker != 0xc8 && marker != 0xcc) {
        return new PictureHead(Format.GOOD, be16(b, at + 7), be16(b, at + 5));
      }
      at += 2 + be16(b, at + 2);
    }
    return new PictureHead(Format.GOOD, 0, 0);
  }

  private static PictureHead webp(byte[] b) {
    if (text(b, 12, "VP8X")) {
      return new PictureHead(Format.GOOD, 1 + le(b, 24, 3), 1 + le(b, 27, 3));
    }
    if (text(b, 12, "VP8L")) {
      int bits = le(b, 21, 4);
      return new PictureHead(Format.GOOD, 1 + (bits & 0x3fff), 1 + (bits >>> 14 & 0x3fff));
    }
    return new PictureHead(Format.GOOD, le(b, 26, 2) & 0x3fff, le(b, 28, 2) & 0x3fff);
  }

  private static boolean text(byte[] b, int at, String s) {
    return at + s.length() <= b.length
        && new String(b, at, s.length(), StandardCharsets.ISO_8859_1).equals(s);
  }

  private static int u8(byte[] b, int at) {
    return b[at] & 0xff;
  }

  private static int be16(byte[] b, int at) {
    return u8(b, at) << 8 | u8(b, at + 1);
  }

  private static int be32(byte[] b, int at) {
    return be16(b, at) << 16 | be16(b, at + 2);
  }

  private static int le(byte[] b, int at, int count) {
    int value = 0;
    for (int i = count - 1; i >= 0; i--) {
      value = value << 8 | u8(b, at + i);
    }
    return value;
  }
}
