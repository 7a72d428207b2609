package dev.moongate.http;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;

/**
 * An answer of server-sent events: it begins at once, nobody knows its length, and it ends with the
 * request. What was written has left when a method returns. Used by one thread.
 */
public final class EventStream {
  private static final String END = "\n\n";

  private final OutputStream out;

  /** Whether an event was begun and not ended: nothing can be said any more if that stays so. */
  private boolean within;

  EventStream(OutputStream out) {
    this.out = out;
  }

  /** One line of data, written piece by piece. */
  @FunctionalInterface
  public interface Data {
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * What clients pass over; it keeps the connection alive, and shows us that the client is gone.
   */
  public void comment(String text) throws IOException {
    write(": " + text + END);
  }

  public void event(String name, JsonNode data) throws IOException {
    write(begin(name) + Wire.text(data) + END);
  }

  /**
   * An event whose data does not stand in memory.
   *
   * @param data writes JSON without a line break
   */
  public void event(String name, Data data) throws IOException {
    within = true;
    write(begin(name));
    data.writeTo(out);
    write(END);
    within = false;
  }

  /**
   * Says why it ends, as the last event. False if it broke off within another one, or the client is
   * gone.
   */
  boolean tryEnd(JsonNode envelope) {
    if (within) {
      return false;
    }
    try {
      event("error", envelope);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static String begin(String name) {
    return "event: " + name + "\ndata: ";
  }

  private void write(String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
  }
}
