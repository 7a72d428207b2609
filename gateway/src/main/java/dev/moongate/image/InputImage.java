package dev.moongate.image;

/**
 * A picture that the caller gave: a public address that is passed on unfetched, or bytes that we
 * keep.
 */
public sealed interface InputImage {
  /** A public http or https address, passed to the provider as it came. */
  record Url(String url) implements InputImage {}

  /**
   * A picture that came as a data URL; its bytes lie in the store's spool under their hash.
   *
   * @param sha256 lower-case hex
   */
  record Stored(String sha256, String mediaType, long bytes, int width, int height)
      implements InputImage {}
}
