package dev.moongate.http.images;

import dev.moongate.image.ImageBytes;
import dev.moongate.store.Base64Stream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A JSON text with holes in which pictures stand as base64; its length is known before the first
 * byte leaves.
 */
final class Answer {
  private final List<Piece> pieces = new ArrayList<>();
  private long length;

  /** Text, or a picture that is encoded while it is written. */
  private sealed interface Piece {
    record Text(String text) implements Piece {}

    record Picture(ImageBytes bytes) implements Piece {}
  }

  Answer text(String text) {
    pieces.add(new Piece.Text(text));
    length += text.getBytes(StandardCharsets.UTF_8).length;
    return this;
  }

  Answer base64(ImageBytes bytes) {
    pieces.add(new Piece.Picture(bytes));
    length += Base64Stream.encodedLength(bytes.size());
    return this;
  }

  long length() {
    return length;
  }

  /**
   * Finds out whether its pictures can be read; once it has begun, nothing can be said about it any
   * more.
   */
  void requireReadable() throws IOException {
    for (Piece piece : pieces) {
      if (piece instanceof Piece.Picture(ImageBytes bytes)) {
        bytes.open(0).close();
      }
    }
  }

  void writeTo(OutputStream out) throws IOException {
    for (Piece piece : pieces) {
      switch (piece) {
        case Piece.Text text -> out.write(text.text().getBytes(StandardCharsets.UTF_8));
        case Piece.Picture picture -> Base64Stream.copy(picture.bytes(), out);
      }
    }
  }
}
