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

  /** It is not there any more (403, 404, 410), or what is there is no whole picture. */
  record Gone(String reason) implements FetchOutcome {}

  /**
   * It may be had later, or by a change of settings: an error of the server or the network, or an
   * address that may not be connected to.
   */
  record Retry(String reason) implements FetchOutcome {}
}
