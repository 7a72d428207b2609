package dev.moongate.store;

import java.util.zip.CRC32;

/**
 * Walks a PNG chunk by chunk: every checksum must hold, there must be data, and IEND must come.
 * What follows IEND is let pass, as every decoder does.
 */
final class PngWalk implements PictureWalk {
  private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
  private static final int IHDR = 0x49484452;
  private static final int IDAT = 0x49444154;
  private static final int IEND = 0x49454e44;

  private enum Part {
    SIGNATURE,
    LENGTH,
    TYPE,
    DATA,
    CHECKSUM,
    AFTER_END
  }

  private final CRC32 checksum = new CRC32();
  private Part part = Part.SIGNATURE;
  private int seen;
  private long number;
  private long dataLeft;
  private int type;
  private boolean first = true;
  private boolean hasData;

  @Override
  public void feed(byte[] bytes, int offset, int length) throws BrokenPictureException {
    int at = offset;
    int end = offset + length;
    while (at < end && part != Part.AFTER_END) {
      if (part == Part.DATA) {
        int count = (int) Math.min(dataLeft, end - at);
        checksum.update(bytes, at, count);
        dataLeft -= count;
        at += count;
        if (dataLeft == 0) {
          begin(Part.CHECKSUM);
        }
      } else {
        step(bytes[at++]);
      }
    }
  }

  @Override
  public void end() throws BrokenPictureException {
    if (part != Part.AFTER_END) {
      throw new BrokenPictureException("the PNG is cut off");
    }
  }

  private void step(byte next) throws BrokenPictureException {
    if (part == Part.SIGNATURE) {
      if (next != SIGNATURE[seen++]) {
        throw new BrokenPictureException("it is no PNG");
      }
      if (seen == SIGNATURE.length) {
        begin(Part.LENGTH);
      }
      return;
    }
    if (part == Part.TYPE) {
      checksum.update(next);
    }
    number = number << 8 | (next & 0xff);
    if (++seen == Integer.BYTES) {
      field();
    }
  }

  private void field() throws BrokenPictureException {
    switch (part) {
      case LENGTH -> {
        dataLeft = number;
        checksum.reset();
        begin(Part.TYPE);
      }
      case TYPE -> {
        type = (int) number;
        if (first != (type == IHDR)) {
          throw new BrokenPictureException("the PNG's header is not where it belongs");
        }
        first = false;
        hasData |= type == IDAT;
        begin(dataLeft == 0 ? Part.CHECKSUM : Part.DATA);
      }
      default -> {
        if (number != checksum.getValue()) {
          throw new BrokenPictureException("a checksum in the PNG is wrong");
        }
        begin(type == IEND ? Part.AFTER_END : Part.LENGTH);
        if (part == Part.AFTER_END && !hasData) {
          throw new BrokenPictureException("the PNG holds no picture");
        }
      }
    }
  }

  private void begin(Part next) {
    part = next;
    seen = 0;
    number = 0;
  }
}
