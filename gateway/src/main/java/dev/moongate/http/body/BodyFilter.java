package dev.moongate.http.body;

import dev.moongate.error.ErrorCode;
import dev.moongate.error.GatewayException;
import dev.moongate.store.ImageStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Lets JSON pass byte by byte and takes data URLs out of it. It understands just enough of JSON for
 * that: whether it is inside a string, and the escapes there. A string that begins as a base64 data
 * URL goes to a spool; in its place a text is put that nobody can guess.
 */
final class BodyFilter {
  private static final Pattern DATA_URL =
      Pattern.compile(
          "(?i)data:([a-z0-9.+-]{1,40}/[a-z0-9.+-]{1,40})((?:;[!-~&&[^;,\"\\\\]]{1,40})*);base64,");
  private static final int LONGEST_PREFIX = 128;

  /** More than any model takes; each holds a file open until the request was judged. */
  private static final int MOST_PICTURES = 16;

  private final ImageStore store;
  private final MemoryBudget budget;
  private final DiskBudget disk;
  private final JsonBytes json;
  private final Map<String, SpooledInput> inputs = new HashMap<>();
  private final JsonStringBytes string = new JsonStringBytes();
  private Place place = Place.OUTSIDE;
  private @Nullable DataUrlSpool spool;

  /** Where in the JSON the next byte stands. */
  private enum Place {
    OUTSIDE,
    /** In a string that may yet turn out to be a data URL; what came of it is held back. */
    BEGINNING,
    IN_STRING,
    IN_PICTURE
  }

  BodyFilter(ImageStore store, MemoryBudget budget, DiskBudget disk) {
    this.store = store;
    this.budget = budget;
    this.disk = disk;
    this.json = new JsonBytes(budget);
  }

  void accept(byte[] bytes, int length) throws IOException {
    for (int i = 0; i < length; i++) {
      accept(bytes[i]);
    }
  }

  ReceivedBody finish() throws IOException {
    if (place == Place.BEGINNING) {
      string.heldBack().writeTo(json);
    }
    if (spool != null) {
      // The JSON ends inside a picture: its parser will say so.
      ReceivedBody.discard(spool.abandon());
      spool = null;
    }
    return new ReceivedBody(json.join(), inputs, json::release);
  }

  void discard() {
    if (spool != null) {
      ReceivedBody.discard(spool.abandon());
    }
    inputs.values().forEach(input -> ReceivedBody.discard(input.sink()));
    json.release();
  }

  private void accept(byte b) throws IOException {
    switch (place) {
      case OUTSIDE -> {
        json.write(b);
        if (b == '"') {
          place = Place.BEGINNING;
          string.begin();
        }
      }
      case BEGINNING -> beginning(b);
      case IN_STRING -> {
        json.write(b);
        if (string.accept(b) == JsonStringBytes.END) {
          place = Place.OUTSIDE;
        }
      }
      case IN_PICTURE -> picture(b);
    }
  }

  private void beginning(byte b) throws IOException {
    string.hold(b);
    int unescaped = string.accept(b);
    if (unescaped == JsonStringBytes.END) {
      string.heldBack().writeTo(json);
      place = Place.OUTSIDE;
      return;
    }
    if (unescaped == JsonStringBytes.NOTHING_YET) {
      return;
    }
    String prefix = string.prefix(unescaped);
    boolean hopeful =
        prefix.length() <= LONGEST_PREFIX
            && "data:"
                .startsWith(
                    prefix.substring(0, Math.min(5, prefix.length())).toLowerCase(Locale.ROOT));
    if (hopeful && unescaped != ',') {
      return;
    }
    Matcher matcher = DATA_URL.matcher(prefix);
    if (hopeful && matcher.matches()) {
      requireFewPictures();
      spool = new DataUrlSpool(matcher.group(1).toLowerCase(Locale.ROOT), newSink(), budget, disk);
      place = Place.IN_PICTURE;
    } else {
      string.heldBack().writeTo(json);
      place = Place.IN_STRING;
    }
  }

  private ImageStore.Sink newSink() {
    try {
      return store.newSink();
    } catch (IOException e) {
      throw StoreTrouble.refusal(e);
    }
  }

  private void requireFewPictures() {
    if (inputs.size() == MOST_PICTURES) {
      throw new GatewayException(
          ErrorCode.INVALID_VALUE,
          "input.messages[0].content",
          "there are more than %d pictures in the body; no model takes that many"
              .formatted(MOST_PICTURES));
    }
  }

  private void picture(byte b) throws IOException {
    int unescaped = string.accept(b);
    DataUrlSpool current = Objects.requireNonNull(spool);
    if (unescaped == JsonStringBytes.END) {
      String placeholder = "moongate-input-" + UUID.randomUUID();
      inputs.put(placeholder, current.finish());
      spool = null;
      json.write((placeholder + '"').getBytes(StandardCharsets.US_ASCII));
      place = Place.OUTSIDE;
    } else if (unescaped != JsonStringBytes.NOTHING_YET) {
      current.accept(unescaped);
    }
  }
}
