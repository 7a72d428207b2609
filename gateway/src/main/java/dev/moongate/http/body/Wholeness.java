package dev.moongate.http.body;

import dev.moongate.image.ImageFormat;
import dev.moongate.store.PictureWalk;
import dev.moongate.store.PictureWalk.BrokenPictureException;
import org.jspecify.annotations.Nullable;

/** Tells, while the bytes of a picture pass, whether they are the whole of it. */
final class Wholeness {
  private final @Nullable PictureWalk walk;
  private final @Nullable JpegEnd jpeg;
  private @Nullable String fault;

  private Wholeness(@Nullable PictureWalk walk, @Nullable JpegEnd jpeg) {
    this.walk = walk;
    this.jpeg = jpeg;
  }

  /** For the picture that begins so; says nothing about one that begins as no known format does. */
  static Wholeness of(byte[] beginning, int length) {
    ImageFormat format = length < 2 ? null : format(beginning[0] & 0xFF, beginning[1] & 0xFF);
    if (format == ImageFormat.JPEG) {
      // The walk of our own downloads wants the end mark last; cameras write behind it.
      return new Wholeness(null, new JpegEnd());
    }
    return new Wholeness(format == null ? null : PictureWalk.of(format), null);
  }

  private static @Nullable ImageFormat format(int first, int second) {
    return switch ((first << 8) | second) {
      case 0x8950 -> ImageFormat.PNG;
      case 0xFFD8 -> ImageFormat.JPEG;
      case ('R' << 8) | 'I' -> ImageFormat.WEBP;
      case ('B' << 8) | 'M' -> ImageFormat.BMP;
      default -> null;
    };
  }

  void feed(byte[] bytes, int length) {
    if (jpeg != null) {
      jpeg.feed(bytes, length);
    }
    if (walk != null && fault == null) {
      try {
        walk.feed(bytes, 0, length);
      } catch (BrokenPictureException e) {
        fault = e.getMessage();
      }
    }
  }

  /** What is wrong, now that all bytes have passed; null if nothing is. */
  @Nullable String fault() {
    if (jpeg != null && !jpeg.reached()) {
      return "the JPEG is cut off";
    }
    if (walk != null && fault == null) {
      try {
        walk.end();
      } catch (BrokenPictureException e) {
        fault = e.getMessage();
      }
    }
    return fault;
  }
}
