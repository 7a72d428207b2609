package dev.moongate.store;

import dev.moongate.image.ImageFormat;

/**
 * Follows the structure of a picture while its bytes pass, in constant memory, to tell a whole
 * picture from a cut or damaged one.
 */
public sealed interface PictureWalk permits PngWalk, TailWalk {
  /** The next bytes. */
  void feed(byte[] bytes, int offset, int length) throws BrokenPictureException;

  /** There are no more. */
  void end() throws BrokenPictureException;

  static PictureWalk of(ImageFormat format) {
    return format == ImageFormat.PNG ? new PngWalk() : new TailWalk(format);
  }

  /** The bytes are not a whole picture; the message says what is wrong with them. */
  final class BrokenPictureException extends Exception {
    BrokenPictureException(String message) {
      super(message);
    }
  }
}
