package dev.moongate.http.body;

import dev.moongate.image.ImageBytes;
import dev.moongate.store.ImageStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.util.Optional;

/**
 * Reads request bodies within limits. What stays in memory is the body without its pictures; one
 * that is too large is refused before it is read if it says so, and as soon as it is seen
 * otherwise.
 */
public final class BodyReader {
  private static final int BUFFER = 16 * 1024;

  private final ImageStore store;
  private final long limit;
  private final long formLimit;
  private final MemoryBudget budget;
  private final DiskBudget disk;

  /**
   * Makes a reader.
   *
   * @param limit the longest body of JSON, in bytes
   * @param formLimit the longest form, in bytes
   * @param budget shared by all readers
   * @param disk shared by all readers
   */
  public BodyReader(
      ImageStore store, long limit, long formLimit, MemoryBudget budget, DiskBudget disk) {
    this.store = store;
    this.limit = limit;
    this.formLimit = formLimit;
    this.budget = budget;
    this.disk = disk;
  }

  /**
   * Reads JSON to its end.
   *
   * @param declared the length that the request names, or -1
   */
  public ReceivedBody read(InputStream in, long declared) throws IOException {
    return read(in, declared, "input.messages[0].content");
  }

  /**
   * As {@link #read(InputStream, long)}.
   *
   * @param pictures the member in which pictures belong, for a refusal of too many
   */
  public ReceivedBody read(InputStream in, long declared, String pictures) throws IOException {
    InputStream bounded = new BoundedBody(in, declared, limit);
    BodyFilter filter = new BodyFilter(store, budget, disk, pictures);
    boolean done = false;
    try {
      byte[] buffer = new byte[BUFFER];
      for (int read = bounded.read(buffer); read >= 0; read = bounded.read(buffer)) {
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

  /**
   * Reads a form to its end; see {@link FormReader}.
   *
   * @param declared the length that the request names, or -1
   */
  public ReceivedBody readForm(InputStream in, long declared, String boundary, FormRules rules)
      throws IOException {
    BoundedBody bounded = new BoundedBody(in, declared, formLimit);
    FormReader form = new FormReader(store, budget, disk, rules);
    boolean done = false;
    try {
      ReceivedBody body = form.read(bounded, boundary);
      done = true;
      return body;
    } finally {
      if (!done) {
        form.discard();
      }
    }
  }

  /**
   * Puts a copy of a stored picture among those of a body, so that nobody who deletes it takes it
   * from the request; empty if it was deleted in the meantime.
   */
  public Optional<SpooledInput> copy(ImageBytes bytes, ReceivedBody body) {
    try (InputStream in = bytes.open(0)) {
      PictureSpool spool = new PictureSpool(null, store, budget, disk);
      boolean done = false;
      try {
        in.transferTo(spool);
        SpooledInput input = spool.finish(null);
        body.add(input);
        done = true;
        return Optional.of(input);
      } finally {
        if (!done) {
          ReceivedBody.discard(spool.abandon());
        }
      }
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw StoreTrouble.refusal(e);
    }
  }
}
