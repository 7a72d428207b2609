package dev.moongate.image;

import java.io.IOException;
import java.io.InputStream;

/**
 * The bytes of a picture that lie somewhere else than in memory; may be opened any number of times.
 */
public interface ImageBytes {
  /** How many bytes {@link #open} gives from offset 0. */
  long size();

  /** The bytes from {@code offset} on; the caller closes. */
  InputStream open(long offset) throws IOException;
}
