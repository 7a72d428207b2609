package dev.moongate.sandbox.ask;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The one message of a request: exactly one text, up to nine pictures, in any order. */
record Message(String text, List<InputPicture> pictures) {
  private static final int MAX_CODE_POINTS = 5000;

  static Message read(@Nullable JsonNode input) {
    if (input == null || !input.isObject() || !input.path("messages").isArray()) {
      throw new VendorError(400, "BadRequest.EmptyInput", "Required input parameter missing.");
    }
    new Fields(input).onlyKnows(Set.of("messages"), "member of input");
    JsonNode messages = input.path("messages");
    if (messages.size() != 1 || !messages.get(0).isObject()) {
      throw VendorError.invalid("input.messages must hold exactly one message");
    }
    JsonNode message = messages.get(0);
    Fields fields = new Fields(message);
    fields.onlyKnows(Set.of("role", "content"), "member of a message");
    if (!fields.string("role", "").equals("user")) {
      throw VendorError.invalid("the role of the message must be user");
    }
    JsonNode content = message.path("content");
    if (!content.isArray()) {
      throw VendorError.invalid("the content of the message must be an array");
    }
    return items(content);
  }

  private static Message items(JsonNode content) {
    String text = null;
    List<InputPicture> pictures = new ArrayList<>();
    for (JsonNode item : content) {
      if (!item.isObject() || item.size() != 1) {
        throw VendorError.invalid("an item of content must be one text or one image");
      }
      Fields fields = new Fields(item);
      fields.onlyKnows(Set.of("text", "image"), "content item");
      if (item.get("image") != null) {
        pictures.add(InputPicture.read(fields.string("image", "")));
      } else if (text != null) {
        throw VendorError.invalid("content must hold exactly one text");
      } else {
        text = fields.string("text", "");
      }
    }
    if (text == null || text.isBlank()) {
      throw VendorError.invalid("content must hold exactly one text");
    }
    if (pictures.size() > 9) {
      throw VendorError.invalid("content must hold at most 9 images");
    }
    return new Message(cut(text), pictures);
  }

  /** The vendor cuts a longer text without a word. */
  private static String cut(String text) {
    int nul = text.indexOf('\0');
    String whole = nul < 0 ? text : text.substring(0, nul);
    return whole.codePointCount(0, whole.length()) <= MAX_CODE_POINTS
        ? whole
        : whole.substring(0, whole.offsetByCodePoints(0, MAX_CODE_POINTS));
  }
}
