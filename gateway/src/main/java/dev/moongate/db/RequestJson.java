package dev.moongate.db;

import dev.moongate.image.BoundingBoxes;
import dev.moongate.image.ColorPalette;
import dev.moongate.image.ContentPart;
import dev.moongate.image.ImageRequest;
import dev.moongate.image.InputImage;
import dev.moongate.image.ResponseFormat;
import dev.moongate.image.Size;
import dev.moongate.image.Warning;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A request as the text of its row. Absent members stay absent; false and 0 are written. The shape
 * is our own and must stay readable for as long as rows live.
 */
final class RequestJson {
  private final JsonMapper mapper = JsonMapper.builder().build();

  String write(ImageRequest request) {
    return write(request, request.warnings());
  }

  private String write(ImageRequest request, List<Warning> remarks) {
    ObjectNode json = mapper.createObjectNode();
    json.put("model", request.model());
    ArrayNode content = json.putArray("content");
    request.content().forEach(part -> writePart(content.addObject(), part));
    switch (request.size()) {
      case null -> {}
      case Size.Tier tier -> json.put("size", tier.name());
      case Size.Pixels(int width, int height) ->
          json.putObject("size").put("width", width).put("height", height);
    }
    json.put("n", request.n());
    putIfPresent(json, "watermark", request.watermark());
    putIfPresent(json, "thinking_mode", request.thinkingMode());
    putIfPresent(json, "enable_sequential", request.enableSequential());
    if (request.colorPalette() != null) {
      ArrayNode palette = json.putArray("color_palette");
      for (var swatch : request.colorPalette().swatches()) {
        palette.addObject().put("hex", swatch.hex()).put("hundredths", swatch.hundredths());
      }
    }
    if (request.boundingBoxes() != null) {
      writeBoxes(json.putArray("bbox_list"), request.boundingBoxes());
    }
    if (request.seed() != null) {
      json.put("seed", request.seed());
    }
    json.put("response_format", request.responseFormat().name());
    if (request.linkLife() != null) {
      json.put("link_life", request.linkLife().toString());
    }
    ArrayNode warnings = json.putArray("warnings");
    for (Warning warning : remarks) {
      warnings
          .addObject()
          .put("param", warning.param())
          .put("code", warning.code())
          .put("message", warning.message());
    }
    return mapper.writeValueAsString(json);
  }

  /**
   * Tells requests apart: 64 hex digits of the SHA-256 over the endpoint and every member that was
   * understood, an input picture by its own SHA-256. What the caller is told about it does not
   * count: its words and their order differ from face to face.
   *
   * @param endpoint such as {@code images/generations}
   */
  String fingerprint(String endpoint, ImageRequest request) {
    return hash(endpoint, write(request, List.of()));
  }

  /** The same as the first versions made it, over the warnings too; rows have it. */
  String oldFingerprint(String endpoint, ImageRequest request) {
    return hash(endpoint, write(request));
  }

  private static String hash(String endpoint, String request) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      String text = endpoint + "\n" + request;
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  ImageRequest read(String text) {
    JsonNode json = mapper.readTree(text);
    JsonNode seed = json.get("seed");
    JsonNode linkLife = json.get("link_life");
    JsonNode palette = json.get("color_palette");
    JsonNode boxes = json.get("bbox_list");
    return new ImageRequest(
        json.required("model").stringValue(),
        json.required("content").valueStream().map(RequestJson::readPart).toList(),
        readSize(json.get("size")),
        json.required("n").intValue(),
        readBoolean(json, "watermark"),
        readBoolean(json, "thinking_mode"),
        readBoolean(json, "enable_sequential"),
        palette == null ? null : readPalette(palette),
        boxes == null ? null : readBoxes(boxes),
        seed == null ? null : Integer.valueOf(seed.intValue()),
        ResponseFormat.valueOf(json.required("response_format").stringValue()),
        linkLife == null ? null : Duration.parse(linkLife.stringValue()),
        json.required("warnings").valueStream().map(RequestJson::readWarning).toList());
  }

  private static void writePart(ObjectNode json, ContentPart part) {
    switch (part) {
      case ContentPart.Text(String text) -> json.put("text", text);
      case ContentPart.Image(InputImage.Url(String url)) -> json.put("url", url);
      case ContentPart.Image(InputImage.Stored stored) ->
          json.putObject("stored")
              .put("sha256", stored.sha256())
              .put("media_type", stored.mediaType())
              .put("bytes", stored.bytes())
              .put("width", stored.width())
              .put("height", stored.height());
    }
  }

  private static ContentPart readPart(JsonNode json) {
    JsonNode text = json.get("text");
    if (text != null) {
      return new ContentPart.Text(text.stringValue());
    }
    JsonNode url = json.get("url");
    if (url != null) {
      return new ContentPart.Image(new InputImage.Url(url.stringValue()));
    }
    JsonNode stored = json.required("stored");
    return new ContentPart.Image(
        new InputImage.Stored(
            stored.required("sha256").stringValue(),
            stored.required("media_type").stringValue(),
            stored.required("bytes").longValue(),
            stored.required("width").intValue(),
            stored.required("height").intValue()));
  }

  private static @Nullable Size readSize(@Nullable JsonNode json) {
    if (json == null) {
      return null;
    }
    return json.isString()
        ? Size.Tier.valueOf(json.stringValue())
        : new Size.Pixels(json.required("width").intValue(), json.required("height").intValue());
  }

  private static ColorPalette readPalette(JsonNode json) {
    return new ColorPalette(
        json.valueStream()
            .map(swatch ->
                new ColorPalette.Swatch(
                    swatch.required("hex").stringValue(), swatch.required("hundredths").intValue()))
            .toList());
  }

  private static void writeBoxes(ArrayNode json, BoundingBoxes boxes) {
    for (List<BoundingBoxes.Box> image : boxes.perImage()) {
      ArrayNode list = json.addArray();
      for (var box : image) {
        list.addArray().add(box.x1()).add(box.y1()).add(box.x2()).add(box.y2());
      }
    }
  }

  private static BoundingBoxes readBoxes(JsonNode json) {
    return new BoundingBoxes(
        json.valueStream()
            .map(image -> image.valueStream().map(RequestJson::readBox).toList())
            .toList());
  }

  private static BoundingBoxes.Box readBox(JsonNode box) {
    return new BoundingBoxes.Box(
        box.required(0).intValue(),
        box.required(1).intValue(),
        box.required(2).intValue(),
        box.required(3).intValue());
  }

  private static Warning readWarning(JsonNode json) {
    return new Warning(
        json.required("param").stringValue(),
        json.required("code").stringValue(),
        json.required("message").stringValue());
  }

  private static void putIfPresent(ObjectNode json, String name, @Nullable Boolean value) {
    if (value != null) {
      json.put(name, value.booleanValue());
    }
  }

  private static @Nullable Boolean readBoolean(JsonNode json, String name) {
    JsonNode value = json.get(name);
    return value == null ? null : Boolean.valueOf(value.booleanValue());
  }
}
