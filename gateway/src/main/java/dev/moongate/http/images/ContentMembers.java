package dev.moongate.http.images;

import dev.moongate.error.ErrorCode;
import dev.moongate.error.GatewayException;
import dev.moongate.http.Members;
import dev.moongate.image.ContentPart;
import dev.moongate.model.RequestCheck;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/**
 * Reads {@code input}: one message of one user, with one text and up to nine pictures, in the
 * caller's order.
 */
public final class ContentMembers {
  private static final String MESSAGE = "input.messages[0]";
  private static final String CONTENT = MESSAGE + ".content";

  private final InputMember pictures;
  private final RequestCheck check;

  public ContentMembers(InputMember pictures, RequestCheck check) {
    this.pictures = pictures;
    this.check = check;
  }

  /** The content of the message, in its order. */
  public List<ContentPart> read(JsonNode node) {
    Members input = Members.of(node, "input");
    input.refuseOthers(Set.of("messages"));
    ArrayNode messages = input.array("messages");
    if (messages == null || messages.size() != 1) {
      throw new GatewayException(
          messages == null ? ErrorCode.MISSING_REQUIRED_PARAMETER : ErrorCode.INVALID_VALUE,
          "input.messages",
          "input.messages must hold exactly one message; it "
              + (messages == null ? "is missing" : "holds " + messages.size()));
    }
    Members message = Members.of(messages.get(0), MESSAGE);
    message.refuseOthers(Set.of("role", "content"));
    String role = message.text("role");
    if (!"user".equals(role)) {
      throw new GatewayException(
          role == null ? ErrorCode.MISSING_REQUIRED_PARAMETER : ErrorCode.INVALID_VALUE,
          MESSAGE + ".role",
          "the role of the message must be user; it "
              + (role == null ? "is missing" : "is \"" + GatewayException.shown(role) + "\""));
    }
    ArrayNode content = message.array("content");
    if (content == null || content.isEmpty()) {
      throw noText(ErrorCode.MISSING_REQUIRED_PARAMETER, 0);
    }
    return parts(content);
  }

  private List<ContentPart> parts(ArrayNode content) {
    // Before any is read: a picture of our own is copied then.
    check.inputs(CONTENT, pictures(content));
    List<ContentPart> parts = new ArrayList<>();
    int texts = 0;
    for (int i = 0; i < content.size(); i++) {
      ContentPart part = part(Members.of(content.get(i), CONTENT + "[" + i + "]"));
      parts.add(part);
      if (part instanceof ContentPart.Text) {
        texts++;
      }
    }
    if (texts != 1) {
      throw noText(
          texts == 0 ? ErrorCode.MISSING_REQUIRED_PARAMETER : ErrorCode.INVALID_VALUE, texts);
    }
    return parts;
  }

  private static int pictures(ArrayNode content) {
    return Math.toIntExact(content.valueStream().filter(item -> item.hasNonNull("image")).count());
  }

  private ContentPart part(Members item) {
    item.refuseOthers(Set.of("text", "image", "type"));
    String text = item.text("text");
    String image = item.text("image");
    String type = item.text("type");
    if ((text == null) == (image == null)) {
      throw new GatewayException(
          ErrorCode.INVALID_VALUE,
          item.path("text").replaceFirst("\\.text$", ""),
          "an item of content holds either text or image; this one holds "
              + (text == null ? "neither" : "both"));
    }
    if (type != null && !type.equals(text == null ? "image" : "text")) {
      throw new GatewayException(
          ErrorCode.INVALID_VALUE,
          item.path("type"),
          "type is \"%s\", but the item holds %s"
              .formatted(GatewayException.shown(type), text == null ? "an image" : "a text"));
    }
    if (text != null) {
      requireWords(item.path("text"), text);
      check.prompt(item.path("text"), text);
      return new ContentPart.Text(text);
    }
    return new ContentPart.Image(pictures.read(item.path("image"), String.valueOf(image), check));
  }

  static void requireWords(String path, String text) {
    if (text.isBlank()) {
      throw new GatewayException(
          ErrorCode.INVALID_VALUE, path, path + " is blank; say what the picture shows");
    }
  }

  private static GatewayException noText(ErrorCode code, int texts) {
    return new GatewayException(
        code, CONTENT, "content must hold exactly one text item; it holds " + texts);
  }
}
