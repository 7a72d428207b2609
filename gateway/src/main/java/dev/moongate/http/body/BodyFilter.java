package dev.moongate.http.body;

import dev.moongate.error.ErrorCode;
import dev.moongate.error.GatewayException;
import dev.moongate.http.Json;
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

  private final ImageStore store;
  private final MemoryBudget budget;
  private final DiskBudget disk;
  private final String pictures;
  private final JsonBytes json;
  private final Map<String, SpooledInput> inputs = new HashMap<>();
  private final JsonStringBytes string = new JsonStringBytes();
  private Place place = Place.OUTSIDE;
  private @Nullable DataUrlSpool spool;
  private int depth;
  private int members;

  /** Where in the JSON the next byte stands. */
  private enum Place {
    OUTSIDE,
    /** In a string that may yet turn out to be a data URL; what came of it is held back. */
    BEGINNING,
    IN_STRING,
    IN_PICTURE
  }

  BodyFilter(ImageStore store, MemoryBudget budget, DiskBudget disk, String pictures) {
    this.store = store;
    this.budget = budget;
    this.disk = disk;
    this.pictures = pictures;
    this.json = new JsonBytes(budget);
  }

  void accept(byte[] bytes, int length) throws IOException {
    int at = 0;
    while (at < length) {
      switch (place) {
        case OUTSIDE -> at = outside(bytes, at, length);
        case BEGINNING -> beginning(bytes[at++]);
        case IN_STRING -> at = inString(bytes, at, length);
        case IN_PICTURE -> picture(bytes[at++]);
      }
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

  /** Up to the quote that begins a string; answers where that ends. */
  private int outside(byte[] bytes, int from, int end) {
    int at = from;
    while (at < end && place == Place.OUTSIDE) {
      byte b = bytes[at++];
      if (b == '"') {
        place = Place.BEGINNING;
        string.begin();
      } else {
        count(b);
      }
    }
    json.write(bytes, from, at - from);
    return at;
  }

  /** What its parser would refuse is refused while it comes, not after 32 MB of it. */
  private void count(byte b) {
    if ((b == '{' || b == '[') && ++depth > Json.DEPTH) {
      throw Json.tooDeep();
    }
    if (b == '}' || b == ']') {
      depth--;
    }
    if (b == ',' && ++members > Json.TOKENS) {
      throw Json.tooLarge();
    }
  }

  /** Up to the quote that ends it. */
  private int inString(byte[] bytes, int from, int end) {
    int at = from;
    while (at < end && place == Place.IN_STRING) {
      byte b = bytes[at++];
      // No other byte changes what a later quote means.
      boolean matters = b == '"' || b == '\\' || string.escaping();
      if (matters && string.accept(b) == JsonStringBytes.END) {
        place = Place.OUTSIDE;
      }
    }
    json.write(bytes, from, at - from);
    return at;
  }

  private void beginning(byte b) throws IOException {
    if (string.untouched() && b != 'd' && b != 'D' && b != '\\' && b != '"') {
      json.write(b);
      place = Place.IN_STRING;
      return;
    }
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
      spool = new DataUrlSpool(matcher.group(1).toLowerCase(Locale.ROOT), store, budget, disk);
      place = Place.IN_PICTURE;
    } else {
      string.heldBack().writeTo(json);
      place = Place.IN_STRING;
    }
  }

  private void requireFewPictures() {
    if (inputs.size() == ReceivedBody.MOST_PICTURES) {
      throw new GatewayException(
          ErrorCode.INVALID_VALUE,
          pictures,
          "there are more than %d pictures in the body; no model takes that many"
              .formatted(ReceivedBody.MOST_PICTURES));
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
