package dev.moongate.image;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * Reads a PNG up to its first pixels: a palette or grey picture may name a transparent colour on
 * the way there.
 */
final class PngHeader {
  private static final byte[] REST_OF_MAGIC = {'N', 'G', '\r', '\n', 0x1A, '\n'};
  private static final int GREY_ALPHA = 4;
  private static final int COLOUR_ALPHA = 6;

  private PngHeader() {}

  static Optional<ImageHeader> read(HeaderBytes bytes, boolean toPixels) throws IOException {
    if (!Arrays.equals(bytes.take(6), REST_OF_MAGIC)
        || bytes.bigEndian(4) != 13
        || !name(bytes).equals("IHDR")) {
      return Optional.empty();
    }
    int width = bytes.bigEndian(4);
    int height = bytes.bigEndian(4);
    bytes.skip(1);
    int colour = bytes.one();
    bytes.skip(3 + 4);
    boolean alpha = colour == GREY_ALPHA || colour == COLOUR_ALPHA;
    boolean animated = false;
    try {
      String chunk = "IHDR";
      while (!chunk.equals("IDAT") && !chunk.equals("IEND")) {
        long length = bytes.bigEndian(4) & 0xFFFF_FFFFL;
        chunk = name(bytes);
        alpha |= chunk.equals("tRNS");
        animated |= chunk.equals("acTL");
        if (!chunk.equals("IDAT")) {
          bytes.skip(length + 4);
        }
      }
    } catch (HeaderBytes.EndedException e) {
      if (toPixels) {
        throw e;
      }
    }
    return Optional.of(new ImageHeader(ImageFormat.PNG, width, height, alpha, animated, false));
  }

  private static String name(HeaderBytes bytes) throws IOException {
    return new String(bytes.take(4), StandardCharsets.ISO_8859_1);
  }
}
