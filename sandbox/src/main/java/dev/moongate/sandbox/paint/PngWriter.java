package dev.moongate.sandbox.paint;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * Writes a 24 bit PNG row by row: the Sub filter turns flat runs into zeros, which the fastest
 * deflater packs at once. Holds one row and one block, never the picture.
 */
final class PngWriter implements AutoCloseable {
  private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
  private static final int SUB = 1;

  private final OutputStream out;
  private final byte[] row;
  private final byte[] block = new byte[64 * 1024];
  private final Deflater deflater = new Deflater(Deflater.BEST_SPEED);
  private int filled;

  PngWriter(OutputStream out, int width, int height) throws IOException {
    this.out = out;
    this.row = new byte[1 + 3 * width];
    out.write(SIGNATURE);
    ByteArrayOutputStream header = new ByteArrayOutputStream();
    DataOutputStream data = new DataOutputStream(header);
    data.writeInt(width);
    data.writeInt(height);
    data.write(new byte[] {8, 2, 0, 0, 0});
    chunk("IHDR", header.toByteArray(), header.size());
  }

  void row(int[] pixels, int from) throws IOException {
    row[0] = SUB;
    int left = 0;
    int at = 1;
    for (int x = from; at < row.length; x++) {
      int pixel = pixels[x];
      row[at] = (byte) ((pixel >> 16) - (left >> 16));
      row[at + 1] = (byte) ((pixel >> 8) - (left >> 8));
      row[at + 2] = (byte) (pixel - left);
      left = pixel;
      at += 3;
    }
    deflater.setInput(row);
    while (!deflater.needsInput()) {
      deflate();
    }
  }

  private void deflate() throws IOException {
    filled += deflater.deflate(block, filled, block.length - filled);
    if (filled == block.length) {
      flush();
    }
  }

  private void flush() throws IOException {
    chunk("IDAT", block, filled);
    filled = 0;
  }

  void finish() throws IOException {
    deflater.finish();
    while (!deflater.finished()) {
      deflate();
    }
    if (filled > 0) {
      flush();
    }
    chunk("IEND", new byte[0], 0);
  }

  private void chunk(String type, byte[] data, int length) throws IOException {
    CRC32 crc = new CRC32();
    byte[] name = type.getBytes(StandardCharsets.US_ASCII);
    crc.update(name);
    crc.update(data, 0, length);
    DataOutputStream to = new DataOutputStream(out);
    to.writeInt(length);
    to.write(name);
    to.write(data, 0, length);
    to.writeInt((int) crc.getValue());
    to.flush();
  }

  @Override
  public void close() {
    deflater.end();
  }
}
