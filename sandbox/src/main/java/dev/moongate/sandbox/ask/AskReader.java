package dev.moongate.sandbox.ask;

import java.io.InputStream;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads a request body as the vendor's wan2.7 reference describes it. Where the vendor's behaviour
 * is unconfirmed the sandbox is strict: an unknown parameter is refused by name.
 */
public final class AskReader {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /** Nine pictures of 20 MB as base64, and the rest. */
  private static final long MAX_BODY = 9L * 28 * 1024 * 1024 + 1024 * 1024;

  private static final Set<String> MODELS = Set.of("wan2.7-image-pro", "wan2.7-image");
  private static final Set<String> PARAMETERS =
      Set.of(
          "size",
          "n",
          "enable_sequential",
          "thinking_mode",
          "color_palette",
          "bbox_list",
          "watermark",
          "seed");

  private AskReader() {}

  public static Ask read(InputStream body) {
    JsonNode root;
    try {
      root = JSON.readTree(new LongStringSqueeze(body, MAX_BODY));
    } catch (JacksonException e) {
      throw new VendorError(
          400, "InvalidParameter", "Required body invalid, please check the request body format.");
    }
    if (!root.isObject()) {
      throw new VendorError(400, "BadRequest.EmptyInput", "Required input parameter missing.");
    }
    new Fields(root).onlyKnows(Set.of("model", "input", "parameters"), "member of the body");
    String model = model(root.get("model"));
    Message message = Message.read(root.get("input"));
    JsonNode parameters = root.get("parameters");
    if (parameters != null && !parameters.isObject()) {
      throw VendorError.invalid("parameters must be an object");
    }
    return ask(
        model, message, new Fields(parameters == null ? JSON.createObjectNode() : parameters));
  }

  private static String model(@Nullable JsonNode node) {
    if (node == null || !node.isString() || node.stringValue().isEmpty()) {
      throw new VendorError(400, "BadRequest.EmptyModel", "Required parameter \"model\" missing.");
    }
    if (!MODELS.contains(node.stringValue())) {
      throw new VendorError(404, "ModelNotFound", "Model not exist.");
    }
    return node.stringValue();
  }

  private static Ask ask(String model, Message message, Fields fields) {
    fields.onlyKnows(PARAMETERS, "parameter");
    boolean sequential = fields.flag("enable_sequential", false);
    boolean thinking = fields.flag("thinking_mode", true);
    boolean watermark = fields.flag("watermark", false);
    Integer n = fields.number("n", 1, sequential ? 12 : 4);
    Integer seed = fields.number("seed", 0, Integer.MAX_VALUE);
    JsonNode palette = fields.find("color_palette");
    if (palette != null && sequential) {
      throw VendorError.invalid("color_palette is not supported when enable_sequential is true");
    }
    JsonNode boxes = fields.find("bbox_list");
    int images = message.pictures().size();
    if (boxes != null) {
      BoxRule.check(boxes, images);
    }
    boolean textToImage = images == 0 && !sequential;
    InputPicture last = images == 0 ? new InputPicture(0, 0) : message.pictures().get(images - 1);
    int[] size =
        SizeRule.read(
            fields.string("size", "2K"), textToImage && model.equals("wan2.7-image-pro"), last);
    return new Ask(
        model,
        message.text(),
        images,
        n != null ? n : sequential ? 12 : 1,
        sequential,
        thinking && textToImage,
        watermark,
        seed,
        palette == null ? List.of() : PaletteRule.read(palette),
        size[0],
        size[1]);
  }
}
