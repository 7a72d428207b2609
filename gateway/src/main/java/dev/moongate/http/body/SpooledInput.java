package dev.moongate.http.body;

import dev.moongate.image.ImageHeader;
import dev.moongate.store.ImageStore;
import org.jspecify.annotations.Nullable;

/**
 * A picture that stood in a body, as a data URL or as a file of a form, and was taken out while it
 * was read.
 *
 * @param mediaType as the data URL said, lower case; other names of a format, such as {@code
 *     image/jpg}, are put right; null if only the bytes say what it is
 * @param sha256 lower-case hex
 * @param header null if the bytes are no picture of a known format
 * @param problem why it cannot be used, in words for the caller; null if it was decoded whole
 * @param fault what shows that the bytes are not the whole picture; null if nothing does
 * @param sink holds the bytes until they are kept or thrown away
 */
public record SpooledInput(
    @Nullable String mediaType,
    String sha256,
    long bytes,
    @Nullable ImageHeader header,
    @Nullable String problem,
    @Nullable String fault,
    ImageStore.Sink sink) {
  /** As many as any model takes, see {@code max-bytes} of the catalogue. */
  public static final long MOST_BYTES = 20L << 20;

  /** The problem of one with more. */
  public static final String TOO_LARGE = "is larger than 20 MB";

  /** Whether the bytes are what they were called, if they were called anything. */
  public boolean matchesMediaType() {
    if (header == null) {
      return false;
    }
    return mediaType == null || header.format().mediaType().equals(mediaType);
  }
}
