package dev.moongate.http.body;

import dev.moongate.error.ErrorCode;
import dev.moongate.error.GatewayException;
import dev.moongate.store.ImageStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.commons.fileupload.FileUploadBase.FileUploadIOException;
import org.apache.commons.fileupload.MultipartStream;
import org.apache.commons.fileupload.MultipartStream.MalformedStreamException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads one form ({@code multipart/form-data}) part by part and makes of it what a body of JSON
 * with data URLs would have become: texts as strings, pictures put aside with placeholders for
 * them. Files go to the disk as they come.
 */
final class FormReader {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int BUFFER = 16 * 1024;
  private static final int LONGEST_HEADERS = 8 * 1024;

  /** All members that any model knows or ignores, and the pictures, are fewer. */
  private static final int MOST_PARTS = 64;

  /** The longest prompt that a model takes has 20 KB. */
  private static final int LONGEST_TEXT = 64 * 1024;

  private final ImageStore store;
  private final MemoryBudget budget;
  private final DiskBudget disk;
  private final FormRules rules;
  private final JsonBytes json;
  private final Map<String, SpooledInput> inputs = new HashMap<>();
  private final List<String> pictures = new ArrayList<>();
  private final Set<String> names = new HashSet<>();
  private @Nullable PictureSpool open;

  FormReader(ImageStore store, MemoryBudget budget, DiskBudget disk, FormRules rules) {
    this.store = store;
    this.budget = budget;
    this.disk = disk;
    this.rules = rules;
    this.json = new JsonBytes(budget);
  }

  ReceivedBody read(BoundedBody in, String boundary) throws IOException {
    try {
      JsonGenerator out = JSON.createGenerator(json);
      out.writeStartObject();
      readParts(in, boundary, out);
      if (!pictures.isEmpty()) {
        out.writeName(rules.pictures());
        out.writeStartArray();
        pictures.forEach(out::writeString);
        out.writeEndArray();
      }
      out.writeEndObject();
      out.close();
      // What stands behind the last boundary means nothing, but is still the request's.
      in.transferTo(OutputStream.nullOutputStream());
    } catch (MalformedStreamException e) {
      throw malformed("it ends before its last boundary, or lines do not end in CR LF");
    } catch (FileUploadIOException e) {
      throw malformed("the headers of a part have more than %d bytes".formatted(LONGEST_HEADERS));
    }
    return new ReceivedBody(json.join(), inputs, json::release);
  }

  void discard() {
    if (open != null) {
      ReceivedBody.discard(open.abandon());
    }
    inputs.values().forEach(input -> ReceivedBody.discard(input.sink()));
    json.release();
  }

  private void readParts(BoundedBody in, String boundary, JsonGenerator out) throws IOException {
    MultipartStream parts =
        new MultipartStream(in, boundary.getBytes(StandardCharsets.US_ASCII), BUFFER, null);
    parts.setHeaderEncoding("UTF-8");
    parts.setPartHeaderSizeMax(LONGEST_HEADERS);
    if (!parts.skipPreamble()) {
      throw malformed(
          "the boundary that Content-Type names does not stand in the body, or nothing follows it");
    }
    int count = 0;
    do {
      if (++count > MOST_PARTS) {
        throw malformed("it has more than %d parts".formatted(MOST_PARTS));
      }
      readPart(new Part(parts, in, PartHeaders.parse(parts.readHeaders())), out);
    } while (parts.readBoundary());
  }

  /** One part, to be read once. */
  private record Part(MultipartStream all, BoundedBody body, PartHeaders headers) {
    String name() {
      return headers.name();
    }

    void readTo(OutputStream sink) throws IOException {
      all.readBodyData(new EndingSink(sink, body));
    }
  }

  private void readPart(Part part, JsonGenerator out) throws IOException {
    if (rules.isPicture(part.name(), pictures.size())) {
      pictures.add(part.headers().file() ? picture(part) : text(part));
      return;
    }
    if (part.headers().file()) {
      throw rules.strayFile(part.name());
    }
    if (!names.add(part.name())) {
      String shown = GatewayException.shown(part.name());
      throw new GatewayException(
          ErrorCode.DUPLICATE_KEY, shown, "%s stands twice in the form".formatted(shown));
    }
    out.writeStringProperty(part.name(), text(part));
  }

  private String picture(Part part) throws IOException {
    open = new PictureSpool(null, store, budget, disk);
    part.readTo(open);
    String placeholder = "moongate-input-" + UUID.randomUUID();
    inputs.put(placeholder, open.finish(null));
    open = null;
    return placeholder;
  }

  private static String text(Part part) throws IOException {
    String shown = GatewayException.shown(part.name());
    ByteArrayOutputStream text =
        new ByteArrayOutputStream() {
          @Override
          public synchronized void write(byte[] bytes, int offset, int length) {
            if (size() + length > LONGEST_TEXT) {
              throw new GatewayException(
                  ErrorCode.INVALID_VALUE,
                  shown,
                  "The text of %s has more than 64 KB; send a picture as a file, with a file name"
                      .formatted(shown));
            }
            super.write(bytes, offset, length);
          }
        };
    part.readTo(text);
    String words = decoded(text.toByteArray(), shown);
    if (part.headers().json() && words.startsWith("\"")) {
      throw new GatewayException(
          ErrorCode.INVALID_VALUE,
          shown,
          "%s is sent as a string of JSON; send it as text/plain, without quotes".formatted(shown));
    }
    return words;
  }

  private static String decoded(byte[] text, String shown) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text)).toString();
    } catch (CharacterCodingException e) {
      throw new GatewayException(
          ErrorCode.INVALID_ENCODING,
          shown,
          "The text of %s is not valid UTF-8; send a picture as a file, with a file name"
              .formatted(shown));
    }
  }

  static GatewayException malformed(String why) {
    return new GatewayException(
        ErrorCode.INVALID_MULTIPART, "The form (multipart/form-data) cannot be read: " + why);
  }
}
