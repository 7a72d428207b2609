package dev.moongate.http.body;

import dev.moongate.error.ErrorCode;
import dev.moongate.error.GatewayException;
import dev.moongate.store.ImageStore;
import java.io.IOException;
import java.io.InputStream;

/**
 * Reads request bodies within limits. What stays in memory is the JSON without its pictures; a body
 * that is too large is refused before it is read if it says so, and as soon as it is seen
 * otherwise.
 */
public final class BodyReader {
  private static final int BUFFER = 16 * 1024;

  private final ImageStore store;
  private final long limit;
  private final MemoryBudget budget;
  private final DiskBudget disk;

  /**
   * Makes a reader.
   *
   * @param limit the longest body, in bytes
   * @param budget shared by all readers
   * @param disk shared by all readers
   */
  public BodyReader(ImageStore store, long limit, MemoryBudget budget, DiskBudget disk) {
    this.store = store;
    this.limit = limit;
    this.budget = budget;
    this.disk = disk;
  }

  /**
   * Reads to the end.
   *
   * @param declared the length that the request names, or -1
   */
  public ReceivedBody read(InputStream in, long declared) throws IOException {
    if (declared > limit) {
      throw tooLarge();
    }
    BodyFilter filter = new BodyFilter(store, budget, disk);
    boolean done = false;
    try {
      byte[] buffer = new byte[BUFFER];
      long total = 0;
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        total += read;
        if (total > limit) {
          throw tooLarge();
        }
        filter.accept(buffer, read);
      }
      ReceivedBody body = filter.finish();
      done = true;
      return body;
    } finally {
      if (!done) {
        filter.discard();
      }
    }
  }

  private GatewayException tooLarge() {
    return new GatewayException(
        ErrorCode.BODY_TOO_LARGE,
        "The body is larger than %d bytes; give large pictures as URLs".formatted(limit));
  }
}
