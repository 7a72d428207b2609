package dev.moongate.image;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * What a picture's first bytes say about it. Pixels are never decoded, and nothing is allocated by
 * a size that the bytes declare.
 *
 * @param alpha whether some pixels may be transparent
 * @param animated whether there is more than one picture to show
 * @param cmyk whether the colours are those of print
 */
public record ImageHeader(
    ImageFormat format, int width, int height, boolean alpha, boolean animated, boolean cmyk) {

  /**
   * The header of the picture that begins here; empty if it is none of a known format. Reads ahead
   * freely. If the bytes end after the sides and before the first pixels, what would have stood
   * between counts as absent.
   */
  public static Optional<ImageHeader> read(InputStream in) throws IOException {
    return read(in, false);
  }

  /** As {@link #read}, but empty as well if the bytes end before the first pixels. */
  public static Optional<ImageHeader> readToPixels(InputStream in) throws IOException {
    return read(in, true);
  }

  private static Optional<ImageHeader> read(InputStream in, boolean toPixels) throws IOException {
    HeaderBytes bytes = new HeaderBytes(in);
    try {
      return read(bytes, toPixels).filter(header -> header.width > 0 && header.height > 0);
    } catch (HeaderBytes.EndedException e) {
      return Optional.empty();
    }
  }

  private static Optional<ImageHeader> read(HeaderBytes bytes, boolean toPixels)
      throws IOException {
    byte[] magic = bytes.take(2);
    if (magic[0] == (byte) 0x89 && magic[1] == 'P') {
      return PngHeader.read(bytes, toPixels);
    }
    if (magic[0] == (byte) 0xFF && magic[1] == (byte) 0xD8) {
      return jpeg(bytes);
    }
    if (magic[0] == 'R' && magic[1] == 'I') {
      return WebpHeader.read(bytes);
    }
    return magic[0] == 'B' && magic[1] == 'M' ? bmp(bytes) : Optional.empty();
  }

  /**
   * Walks the segments until one that begins a frame: SOF0 to SOF15, without the tables that share
   * their range.
   */
  private static Optional<ImageHeader> jpeg(HeaderBytes bytes) throws IOException {
    while (true) {
      if (bytes.one() != 0xFF) {
        return Optional.empty();
      }
      int marker = bytes.one();
      while (marker == 0xFF) {
        marker = bytes.one();
      }
      if (marker == 0x01 || (marker >= 0xD0 && marker <= 0xD7)) {
        continue;
      }
      if (marker == 0xD9 || marker == 0xDA || marker == 0) {
        return Optional.empty();
      }
      int length = bytes.bigEndian(2);
      boolean frame =
          marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
      if (frame) {
        bytes.skip(1);
        int height = bytes.bigEndian(2);
        int width = bytes.bigEndian(2);
        boolean cmyk = bytes.one() == 4;
        return Optional.of(new ImageHeader(ImageFormat.JPEG, width, height, false, false, cmyk));
      }
      if (length < 2) {
        return Optional.empty();
      }
      bytes.skip(length - 2L);
    }
  }

  private static Optional<ImageHeader> bmp(HeaderBytes bytes) throws IOException {
    bytes.skip(12);
    int size = bytes.littleEndian(4);
    if (size < 40 || size > 256) {
      return Optional.empty();
    }
    int width = bytes.littleEndian(4);
    int height = bytes.littleEndian(4);
    // A negative height is a picture from top to bottom. 32 bits a pixel may carry alpha only from
    // version 4 on.
    bytes.skip(2);
    int depth = bytes.littleEndian(2);
    boolean alpha = depth == 32 && size >= 108;
    return height == Integer.MIN_VALUE
        ? Optional.empty()
        : Optional.of(
            new ImageHeader(ImageFormat.BMP, width, Math.abs(height), alpha, false, false));
  }
}
