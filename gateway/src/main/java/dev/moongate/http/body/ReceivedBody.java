package dev.moongate.http.body;

import dev.moongate.store.ImageStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A body that was read: its JSON, in which placeholders stand for the pictures that were taken out.
 * A form's JSON has its texts as strings. Close it.
 */
public final class ReceivedBody implements AutoCloseable {
  /** More than any model takes; each holds a file open until the request was judged. */
  public static final int MOST_PICTURES = 16;

  private static final Logger LOG = LoggerFactory.getLogger(ReceivedBody.class);

  private final byte[] json;
  private final Map<String, SpooledInput> inputs;
  private final List<SpooledInput> added = new ArrayList<>();
  private final Runnable release;
  private boolean closed;

  ReceivedBody(byte[] json, Map<String, SpooledInput> inputs, Runnable release) {
    this.json = json;
    this.inputs = new HashMap<>(inputs);
    this.release = release;
  }

  /** The JSON as it came, but for the pictures. */
  public byte[] json() {
    return json;
  }

  /** The picture that a string stands for; empty if the string is a string. */
  public Optional<SpooledInput> findInput(String text) {
    return Optional.ofNullable(inputs.get(text));
  }

  /** Whether any picture was taken out. */
  public boolean hasInputs() {
    return !inputs.isEmpty();
  }

  /** One more picture that goes with the request: kept and closed with the others. */
  void add(SpooledInput input) {
    added.add(input);
  }

  private Stream<SpooledInput> all() {
    return Stream.concat(inputs.values().stream(), added.stream());
  }

  /**
   * Puts the pictures into the store: to be called when all of the request was found good.
   *
   * @param keyBySha256 what a picture is called there
   */
  public void keepInputs(UnaryOperator<String> keyBySha256) {
    Set<String> kept = new HashSet<>();
    all()
        .filter(input -> kept.add(input.sha256()))
        .forEach(input -> keep(input, keyBySha256.apply(input.sha256())));
  }

  private static void keep(SpooledInput input, String key) {
    try {
      input.sink().commit(key);
    } catch (IOException e) {
      throw StoreTrouble.refusal(e);
    }
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    all().forEach(input -> discard(input.sink()));
    release.run();
  }

  static void discard(ImageStore.Sink sink) {
    try {
      sink.close();
    } catch (IOException e) {
      LOG.warn("an unused input picture could not be removed", e);
    }
  }
}
