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

  /** For a picture that is said to be of this type; says nothing about one that is not. */
  static Wholeness of(String mediaType) {
    if (ImageFormat.JPEG.mediaType().equals(mediaType)) {
      // The walk of our own downloads wants the end mark last; cameras write behind it.
      return new Wholeness(null, new JpegEnd());
    }
    for (ImageFormat format : ImageFormat.values()) {
      if (format.mediaType().equals(mediaType)) {
        return new Wholeness(PictureWalk.of(format), null);
      }
    }
    return new Wholeness(null, null);
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
