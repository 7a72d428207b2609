package dev.moongate.http.images;

import dev.moongate.generation.Generation;
import dev.moongate.http.EventStream;
import dev.moongate.http.Wire;
import dev.moongate.image.ImageFormat;
import dev.moongate.image.StoredImage;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Locale;
import tools.jackson.databind.node.ObjectNode;

/**
 * The events of a stream as they stand on the wire. {@code completed} is OpenAI's (Images API,
 * ImageGenCompletedEvent, seen 2026-11); the others are our own, which its clients pass over.
 */
final class Events {
  private final String kind;
  private final GenerationView view;
  private final PictureBytes pictures;
  private final InstantSource clock;

  /**
   * @param kind what the names begin with: {@code image_generation} or {@code image_edit}
   */
  Events(String kind, GenerationView view, PictureBytes pictures, InstantSource clock) {
    this.kind = kind;
    this.view = view;
    this.pictures = pictures;
    this.clock = clock;
  }

  void send(EventStream stream, ObjectNode event) throws IOException {
    stream.event(event.required("type").stringValue(), event);
  }

  /** Where it stands, before it has ended: {@code queued} or {@code running}. */
  ObjectNode progress(Generation generation) {
    ObjectNode json = event(generation.state().status(), generation);
    view.putQueue(json, generation);
    return json;
  }

  /**
   * One picture. {@code usage} is left out, like everywhere, because nobody knows a number; {@code
   * quality} and {@code background} are {@code auto}: no setting of these was applied.
   */
  void sendPicture(EventStream stream, Generation generation, int index, StoredImage image)
      throws IOException {
    ObjectNode json =
        event("completed", generation)
            .put("index", index)
            .put("created_at", clock.instant().getEpochSecond())
            .put("size", image.width() + "x" + image.height())
            .put("quality", "auto")
            .put("background", "auto")
            .put("output_format", format(image.format()));
    String members = Wire.text(json);
    Answer data =
        new Answer()
            .text(members.substring(0, members.length() - 1) + ",\"b64_json\":\"")
            .base64(pictures.require(image, generation))
            .text("\"}");
    data.requireReadable();
    stream.event(json.required("type").stringValue(), data::writeTo);
  }

  /** What an answer without a stream has besides its pictures. */
  ObjectNode done(Generation generation, String base) {
    ObjectNode json = event("done", generation).put("created", GenerationView.created(generation));
    GenerationView.putRemarks(json, generation, view.links(base, generation));
    GenerationView.putCost(json, generation);
    return json;
  }

  private ObjectNode event(String name, Generation generation) {
    return Wire.object().put("type", kind + "." + name).put("id", generation.id());
  }

  /** As OpenAI spells it. */
  private static String format(ImageFormat format) {
    return format.name().toLowerCase(Locale.ROOT);
  }
}
