package dev.moongate.provider.dashscope;

import dev.moongate.image.BoundingBoxes;
import dev.moongate.image.ColorPalette;
import dev.moongate.image.ContentPart;
import dev.moongate.image.ImageRequest;
import dev.moongate.image.InputImage;
import dev.moongate.image.Size;
import dev.moongate.provider.StreamedBody;
import dev.moongate.provider.Submission;
import java.io.ByteArrayOutputStream;
import java.util.List;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes a request as the vendor reads it. What the caller left out stays out, {@code false} and 0
 * go in, and {@code n} always stands there: the vendor's default for it has changed before.
 */
final class RequestWriter {
  private final JsonMapper json;

  RequestWriter(JsonMapper json) {
    this.json = json;
  }

  StreamedBody write(Submission submission) {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    StreamedBody.Builder body = new StreamedBody.Builder();
    try (JsonGenerator out = json.createGenerator(text)) {
      out.writeStartObject();
      out.writeStringProperty("model", submission.upstreamModel());
      out.writeObjectPropertyStart("input");
      out.writeArrayPropertyStart("messages");
      out.writeStartObject();
      out.writeStringProperty("role", "user");
      out.writeArrayPropertyStart("content");
      for (ContentPart part : submission.request().content()) {
        out.writeStartObject();
        switch (part) {
          case ContentPart.Text(String prompt) -> out.writeStringProperty("text", prompt);
          case ContentPart.Image(InputImage.Url(String url)) ->
              out.writeStringProperty("image", url);
          case ContentPart.Image(InputImage.Stored stored) -> {
            out.writeName("image");
            out.writeRawValue("\"data:" + stored.mediaType() + ";base64,");
            // The picture's bytes stand between two pieces of text and are never text themselves.
            out.flush();
            body.text(text.toByteArray()).base64(submission.inputBytes().apply(stored));
            text.reset();
            out.writeRaw('"');
          }
        }
        out.writeEndObject();
      }
      out.writeEndArray();
      out.writeEndObject();
      out.writeEndArray();
      out.writeEndObject();
      writeParameters(out, submission.request());
      out.writeEndObject();
    }
    return body.text(text.toByteArray()).build();
  }

  private static void writeParameters(JsonGenerator out, ImageRequest request) {
    out.writeObjectPropertyStart("parameters");
    switch (request.size()) {
      case null -> {}
      case Size.Tier tier -> out.writeStringProperty("size", tier.label());
      case Size.Pixels(int width, int height) ->
          out.writeStringProperty("size", width + "*" + height);
    }
    out.writeNumberProperty("n", request.n());
    writeFlag(out, "watermark", request.watermark());
    writeFlag(out, "thinking_mode", request.thinkingMode());
    writeFlag(out, "enable_sequential", request.enableSequential());
    if (request.colorPalette() != null) {
      writePalette(out, request.colorPalette());
    }
    if (request.boundingBoxes() != null) {
      writeBoxes(out, request.boundingBoxes());
    }
    Integer seed = request.seed();
    if (seed != null) {
      out.writeNumberProperty("seed", seed.intValue());
    }
    out.writeEndObject();
  }

  private static void writeFlag(
      JsonGenerator out, String name, @org.jspecify.annotations.Nullable Boolean value) {
    if (value != null) {
      out.writeBooleanProperty(name, value);
    }
  }

  private static void writePalette(JsonGenerator out, ColorPalette palette) {
    out.writeArrayPropertyStart("color_palette");
    for (ColorPalette.Swatch swatch : palette.swatches()) {
      out.writeStartObject();
      out.writeStringProperty("hex", swatch.hex());
      out.writeStringProperty("ratio", swatch.ratio());
      out.writeEndObject();
    }
    out.writeEndArray();
  }

  private static void writeBoxes(JsonGenerator out, BoundingBoxes boxes) {
    out.writeArrayPropertyStart("bbox_list");
    for (List<BoundingBoxes.Box> ofImage : boxes.perImage()) {
      out.writeStartArray();
      for (BoundingBoxes.Box box : ofImage) {
        out.writeArray(new int[] {box.x1(), box.y1(), box.x2(), box.y2()}, 0, 4);
      }
      out.writeEndArray();
    }
    out.writeEndArray();
  }
}
