package dev.moongate.provider;

import dev.moongate.image.ImageBytes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;

/**
 * A request body in pieces: text that is in memory, and pictures that become base64 only while they
 * are sent. Its length is known beforehand.
 */
public final class StreamedBody {
  private static final int BLOCK = 3 * 8_192;

  private final List<Piece> pieces;

  private StreamedBody(List<Piece> pieces) {
    this.pieces = List.copyOf(pieces);
  }

  /** A body of one text. */
  public static StreamedBody of(String text) {
    return new Builder().text(text.getBytes(StandardCharsets.UTF_8)).build();
  }

  /** How many bytes {@link #open} gives. */
  public long length() {
    return pieces.stream().mapToLong(Piece::length).sum();
  }

  /** The bytes; fails while reading if a picture is shorter or longer than it said. */
  public InputStream open() {
    return new SequenceInputStream(
        Collections.enumeration(pieces.stream().map(Piece::open).toList()));
  }

  /** The body as text with pictures shortened to their size. */
  public String preview() {
    StringBuilder shown = new StringBuilder();
    pieces.forEach(piece -> shown.append(piece.preview()));
    return shown.toString();
  }

  private sealed interface Piece {
    long length();

    InputStream open();

    String preview();
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared, never shown
  private record Text(byte[] bytes) implements Piece {
    @Override
    public long length() {
      return bytes.length;
    }

    @Override
    public InputStream open() {
      return new ByteArrayInputStream(bytes);
    }

    @Override
    public String preview() {
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }

  private record Picture(ImageBytes image, long size) implements Piece {
    @Override
    public long length() {
      return (size + 2) / 3 * 4;
    }

    @Override
    public InputStream open() {
      return new Base64Input(image, size);
    }

    @Override
    public String preview() {
      return "(" + size + " bytes)";
    }
  }

  /** Puts pieces one after another. */
  public static final class Builder {
    private final List<Piece> pieces = new ArrayList<>();

    public Builder text(byte[] utf8) {
      pieces.add(new Text(utf8));
      return this;
    }

    /** The picture's bytes in base64, without anything around them. */
    public Builder base64(ImageBytes image) {
      pieces.add(new Picture(image, image.size()));
      return this;
    }

    public StreamedBody build() {
      return new StreamedBody(pieces);
    }
  }

  /** Encodes block by block; opens the picture at the first read. */
  private static final class Base64Input extends InputStream {
    private final ImageBytes image;
    private long left;
    private java.io.@org.jspecify.annotations.Nullable InputStream source;
    private byte[] encoded = {};
    private int at;

    Base64Input(ImageBytes image, long size) {
      this.image = image;
      this.left = size;
    }

    @Override
    public int read() throws IOException {
      return hasMore() ? encoded[at++] & 0xff : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      if (!hasMore()) {
        return -1;
      }
      int count = Math.min(length, encoded.length - at);
      System.arraycopy(encoded, at, target, offset, count);
      at += count;
      return count;
    }

    private boolean hasMore() throws IOException {
      if (at < encoded.length) {
        return true;
      }
      if (left == 0) {
        return false;
      }
      InputStream in = source == null ? image.open(0) : source;
      source = in;
      byte[] block = in.readNBytes((int) Math.min(BLOCK, left));
      if (block.length < Math.min(BLOCK, left)) {
        throw new IOException("a stored input picture is shorter than it was");
      }
      left -= block.length;
      encoded = Base64.getEncoder().encode(block);
      at = 0;
      return true;
    }

    @Override
    public void close() throws IOException {
      if (source != null) {
        source.close();
      }
    }
  }
}
