package dev.moongate.store;

import dev.moongate.image.ImageFormat;

/** What came of fetching a picture; the sink holds its bytes only after {@link Fetched}. */
public sealed interface FetchOutcome {
  /**
   * All of it is in the sink and is what it says it is; not yet committed.
   *
   * @param sha256 lower-case hex
   */
  record Fetched(ImageFormat format, int width, int height, long bytes, String sha256)
      implements FetchOutcome {}

  /**
   * It is not there any more (403, 404, 410), what is there is no whole picture, or its address may
   * not be connected to.
   */
  record Gone(String reason) implements FetchOutcome {}

  /** An answer had begun, or was to begin, and the connection ended before it was whole. */
  record Broken(String reason) implements FetchOutcome {}

  /** It may be had later: the server has an error, is out of reach, or is slow. */
  record Retry(String reason) implements FetchOutcome {}
}
