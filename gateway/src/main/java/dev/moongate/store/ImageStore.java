package dev.moongate.store;

import dev.moongate.image.ImageBytes;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;

/** Where pictures lie. What {@link Sink#commit} has returned survives a power cut. */
public interface ImageStore {
  /** A place to write a picture to; nothing is visible before {@link Sink#commit}. */
  Sink newSink() throws IOException;

  /** The stored bytes under a key; empty if there is no such object. */
  Optional<ImageBytes> find(String storageKey);

  /** Removes an object; no error if it is not there. */
  void delete(String storageKey) throws IOException;

  /**
   * The keys of the objects directly in a folder, in their order.
   *
   * @param folder the part of the keys before the last slash, such as {@code inputs}
   */
  List<String> list(String folder) throws IOException;

  /** Bytes free for more pictures. */
  long freeBytes() throws IOException;

  /**
   * A picture being written. Close without commit throws the bytes away. Not for several threads.
   */
  interface Sink extends AutoCloseable {
    OutputStream out();

    /**
     * Makes the bytes durable (fsync of file and folder) under {@code storageKey}, replacing what
     * was there.
     *
     * @param storageKey relative, such as {@code images/gen_x/0-<sha256>.png}; letters, digits,
     *     {@code _-./} only
     */
    void commit(String storageKey) throws IOException;

    @Override
    void close() throws IOException;
  }
}
