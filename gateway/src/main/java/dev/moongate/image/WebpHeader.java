package dev.moongate.image;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Reads the three kinds of WebP header: lossy, lossless, extended. */
final class WebpHeader {
  private WebpHeader() {}

  static Optional<ImageHeader> read(HeaderBytes bytes) throws IOException {
    if (!text(bytes, 2).equals("FF")) {
      return Optional.empty();
    }
    bytes.skip(4);
    if (!text(bytes, 4).equals("WEBP")) {
      return Optional.empty();
    }
    String kind = text(bytes, 4);
    bytes.skip(4);
    return switch (kind) {
      case "VP8X" -> {
        int flags = bytes.one();
        bytes.skip(3);
        int width = bytes.littleEndian(3) + 1;
        int height = bytes.littleEndian(3) + 1;
        yield Optional.of(
            new ImageHeader(
                ImageFormat.WEBP, width, height, (flags & 0x10) != 0, (flags & 0x02) != 0, false));
      }
      case "VP8L" -> {
        if (bytes.one() != 0x2F) {
          yield Optional.empty();
        }
        int bits = bytes.littleEndian(4);
        int width = (bits & 0x3FFF) + 1;
        int height = ((bits >>> 14) & 0x3FFF) + 1;
        yield Optional.of(
            new ImageHeader(
                ImageFormat.WEBP, width, height, ((bits >>> 28) & 1) == 1, false, false));
      }
      case "VP8 " -> {
        bytes.skip(3);
        if (bytes.bigEndian(3) != 0x9D012A) {
          yield Optional.empty();
        }
        int width = bytes.littleEndian(2) & 0x3FFF;
        int height = bytes.littleEndian(2) & 0x3FFF;
        yield Optional.of(new ImageHeader(ImageFormat.WEBP, width, height, false, false, false));
      }
      default -> Optional.empty();
    };
  }

  private static String text(HeaderBytes bytes, int count) throws IOException {
    return new String(bytes.take(count), StandardCharsets.ISO_8859_1);
  }
}
