package dev.moongate.image;

/** One item of a message: text, or an input picture. */
public sealed interface ContentPart {
  /** The prompt. */
  record Text(String text) implements ContentPart {}

  /** A picture to edit or to follow. */
  record Image(InputImage image) implements ContentPart {}
}
