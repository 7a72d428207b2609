package dev.moongate.generation;

import dev.moongate.image.ImageBytes;
import dev.moongate.image.InputImage;
import dev.moongate.store.ImageStore;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The input pictures that callers gave as bytes: in the store from admission to the end of their
 * generation, under its id, so that nobody else's end takes them.
 */
final class InputPictures {
  private static final Logger LOG = LoggerFactory.getLogger(InputPictures.class);
  private static final String FOLDER = "inputs";

  private final ImageStore store;

  InputPictures(ImageStore store) {
    this.store = store;
  }

  /** Puts them into the store: before the generation is admitted. */
  void keep(String generation, Generations.Inputs inputs) {
    inputs.keep(sha256 -> key(generation, sha256));
  }

  /**
   * The bytes of one.
   *
   * @throws UncheckedIOException if they are not there
   */
  ImageBytes require(String generation, InputImage.Stored input) {
    return store
        .find(key(generation, input.sha256()))
        .orElseThrow(() ->
            new UncheckedIOException(new FileNotFoundException("input picture " + input.sha256())));
  }

  /** All of one generation; what cannot be removed is left to {@link #sweep}. */
  void remove(Generation generation) {
    for (InputImage input : generation.request().inputImages()) {
      if (input instanceof InputImage.Stored stored) {
        try {
          store.delete(key(generation.id(), stored.sha256()));
        } catch (IOException e) {
          LOG.warn("an input picture of generation {} could not be removed", generation.id(), e);
        }
      }
    }
  }

  /** What a death left behind of generations that were asked for before a moment. */
  void sweep(Instant before) throws IOException {
    String first = FOLDER + "/" + GenerationIds.first(before);
    for (String key : store.list(FOLDER)) {
      if (key.compareTo(first) < 0) {
        store.delete(key);
      }
    }
  }

  private static String key(String generation, String sha256) {
    return FOLDER + "/" + generation + "-" + sha256;
  }
}
