package dev.moongate.store;

import dev.moongate.image.ImageFormat;

/**
 * Judges the formats other than PNG by their length and end: JPEG by its end mark, WebP and BMP by
 * the length in their header.
 */
final class TailWalk implements PictureWalk {
  private static final int HEADER = 8;

  private final ImageFormat format;
  private final byte[] header = new byte[HEADER];
  private long total;
  private int last;
  private int beforeLast;

  TailWalk(ImageFormat format) {
    this.format = format;
  }

  @Override
  public void feed(byte[] bytes, int offset, int length) {
    for (int i = 0; i < length; i++) {
      byte next = bytes[offset + i];
      if (total < HEADER) {
        header[(int) total] = next;
      }
      total++;
      // Some encoders pad with zeros after the end mark.
      if (next != 0 || last != 0xd9) {
        beforeLast = last;
        last = next & 0xff;
      }
    }
  }

  @Override
  public void end() throws BrokenPictureException {
    boolean whole =
        switch (format) {
          case JPEG -> beforeLast == 0xff && last == 0xd9;
          case WEBP -> total >= HEADER + number(4);
          case BMP -> total >= number(2);
          case PNG -> false;
        };
    if (!whole) {
      throw new BrokenPictureException("the " + format + " is cut off");
    }
  }

  private long number(int at) {
    return (header[at] & 0xffL)
        | (header[at + 1] & 0xffL) << 8
        | (header[at + 2] & 0xffL) << 16
        | (header[at + 3] & 0xffL) << 24;
  }
}
