package dev.moongate.testing;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;

/** Small pictures of every kind, real ones and headers without a picture behind them. */
public final class Pictures {
  /** Signature and IHDR. */
  private static final int PNG_HEADER = 33;

  private Pictures() {}

  public static byte[] png(int width, int height) {
    return encode("png", new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB));
  }

  public static byte[] alphaPng(int width, int height) {
    return encode("png", new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB));
  }

  public static byte[] jpeg(int width, int height) {
    return encode("jpg", new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB));
  }

  public static byte[] bmp(int width, int height) {
    return encode("bmp", new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB));
  }

  /** A real PNG of noise, of some three bytes a pixel. */
  public static byte[] noise(int width, int height) {
    return noise(width, height, height);
  }

  /** The same with noise in the first {@code rows} only, for pictures that shrink a little. */
  public static byte[] noise(int width, int height, int rows) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Random random = new Random(3);
    int[] row = new int[width];
    for (int y = 0; y < rows; y++) {
      for (int x = 0; x < width; x++) {
        row[x] = random.nextInt();
      }
      image.setRGB(0, y, width, 1, row, 0, width);
    }
    return encode("png", image);
  }

  /** A real PNG with one more chunk between its header and its pixels. */
  public static byte[] pngWith(int width, int height, String chunk, byte[] data) {
    byte[] png = png(width, height);
    byte[] more = chunk(chunk, data);
    return ByteBuffer.allocate(png.length + more.length)
        .put(png, 0, PNG_HEADER)
        .put(more)
        .put(png, PNG_HEADER, png.length - PNG_HEADER)
        .array();
  }

  /** A PNG that claims a size and has no pixels. */
  public static byte[] pngHeader(int width, int height) {
    byte[] ihdr =
        ByteBuffer.allocate(13).putInt(width).putInt(height).put((byte) 8).put((byte) 2).array();
    byte[] header = chunk("IHDR", ihdr);
    byte[] end = chunk("IEND", new byte[0]);
    return ByteBuffer.allocate(8 + header.length + end.length)
        .put(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'})
        .put(header)
        .put(end)
        .array();
  }

  /** A JPEG with a comment, a frame header and nothing else. */
  public static byte[] jpegHeader(int width, int height, int components) {
    return ByteBuffer.allocate(40)
        .putShort((short) 0xFFD8)
        .putShort((short) 0xFFFE)
        .putShort((short) 6)
        .putInt(0x20202020)
        .putShort((short) 0xFFC2)
        .putShort((short) (8 + 3 * components))
        .put((byte) 8)
        .putShort((short) height)
        .putShort((short) width)
        .put((byte) components)
        .array();
  }

  /** A WebP with this first chunk. */
  public static byte[] webp(String kind, int... data) {
    ByteBuffer webp = ByteBuffer.allocate(20 + data.length).order(ByteOrder.LITTLE_ENDIAN);
    webp.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(12 + data.length);
    webp.put(("WEBP" + kind).getBytes(StandardCharsets.US_ASCII)).putInt(data.length);
    for (int b : data) {
      webp.put((byte) b);
    }
    return webp.array();
  }

  private static byte[] chunk(String name, byte[] data) {
    byte[] typed = new byte[4 + data.length];
    System.arraycopy(name.getBytes(StandardCharsets.US_ASCII), 0, typed, 0, 4);
    System.arraycopy(data, 0, typed, 4, data.length);
    CRC32 crc = new CRC32();
    crc.update(typed);
    return ByteBuffer.allocate(12 + data.length)
        .putInt(data.length)
        .put(typed)
        .putInt((int) crc.getValue())
        .array();
  }

  private static byte[] encode(String format, BufferedImage image) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      if (!ImageIO.write(image, format, out)) {
        throw new IllegalStateException("no writer for " + format);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }
}
