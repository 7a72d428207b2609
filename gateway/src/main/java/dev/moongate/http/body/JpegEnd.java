package dev.moongate.http.body;

/**
 * Follows a JPEG from marker to marker to see whether its end mark comes. What cameras put behind
 * that is their matter, and thumbnails with an end of their own lie inside segments.
 */
final class JpegEnd {
  private static final int END = 0xD9;
  private static final int SCAN = 0xDA;

  private enum Part {
    /** Between segments. */
    BETWEEN,
    MARKER,
    LENGTH_HIGH,
    LENGTH_LOW,
    SEGMENT,
    PIXELS,
    PIXELS_MARKER,
    DONE
  }

  private Part part = Part.BETWEEN;
  private int marker;
  private int left;

  boolean reached() {
    return part == Part.DONE;
  }

  void feed(byte[] bytes, int length) {
    for (int i = 0; i < length && part != Part.DONE; i++) {
      part = after(bytes[i] & 0xFF);
    }
  }

  private Part after(int b) {
    return switch (part) {
      case BETWEEN -> b == 0xFF ? Part.MARKER : Part.BETWEEN;
      case MARKER -> afterMarker(b);
      case LENGTH_HIGH -> {
        left = b << 8;
        yield Part.LENGTH_LOW;
      }
      case LENGTH_LOW -> {
        left += b - 2;
        yield left > 0 ? Part.SEGMENT : afterSegment();
      }
      case SEGMENT -> --left > 0 ? Part.SEGMENT : afterSegment();
      case PIXELS -> b == 0xFF ? Part.PIXELS_MARKER : Part.PIXELS;
      case PIXELS_MARKER -> b == 0 || alone(b) ? Part.PIXELS : afterMarker(b);
      case DONE -> Part.DONE;
    };
  }

  private Part afterMarker(int b) {
    if (b == 0xFF) {
      return part;
    }
    marker = b;
    if (b == END) {
      return Part.DONE;
    }
    return alone(b) ? Part.BETWEEN : Part.LENGTH_HIGH;
  }

  private Part afterSegment() {
    return marker == SCAN ? Part.PIXELS : Part.BETWEEN;
  }

  /** Markers without a segment: start of picture, restarts. */
  private static boolean alone(int b) {
    return b == 0x01 || (b >= 0xD0 && b <= 0xD8);
  }
}
