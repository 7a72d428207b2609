package dev.moongate.http.images;

import dev.moongate.error.ErrorCode;
import dev.moongate.error.GatewayException;
import dev.moongate.http.Members;
import dev.moongate.http.body.ReceivedBody;
import dev.moongate.http.body.SpooledInput;
import dev.moongate.image.ContentPart;
import dev.moongate.image.ImageHeader;
import dev.moongate.image.InputImage;
import dev.moongate.model.RequestCheck;
import dev.moongate.provider.AddressGuard;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/**
 * Reads {@code input}: one message of one user, with one text and up to nine pictures, in the
 * caller's order.
 */
public final class ContentMembers {
  private static final String MESSAGE = "input.messages[0]";
  private static final String CONTENT = MESSAGE + ".content";

  private final ReceivedBody received;
  private final RequestCheck check;

  public ContentMembers(ReceivedBody received, RequestCheck check) {
    this.received = received;
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
    List<ContentPart> parts = new ArrayList<>();
    List<InputImage> images = new ArrayList<>();
    int texts = 0;
    for (int i = 0; i < content.size(); i++) {
      ContentPart part = part(Members.of(content.get(i), CONTENT + "[" + i + "]"));
      parts.add(part);
      switch (part) {
        case ContentPart.Text text -> texts++;
        case ContentPart.Image image -> images.add(image.image());
      }
    }
    if (texts != 1) {
      throw noText(
          texts == 0 ? ErrorCode.MISSING_REQUIRED_PARAMETER : ErrorCode.INVALID_VALUE, texts);
    }
    check.inputs(CONTENT, images);
    return parts;
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
    return new ContentPart.Image(image(item.path("image"), String.valueOf(image)));
  }

  private InputImage image(String path, String text) {
    SpooledInput spooled = received.findInput(text).orElse(null);
    if (spooled != null) {
      return stored(path, spooled);
    }
    if (text.regionMatches(true, 0, "data:", 0, 5)) {
      throw refused(
          path, "is a data URL of a form that is not understood: data:image/png;base64,...");
    }
    String refusal = AddressGuard.refusalOf(text).orElse(null);
    if (refusal != null) {
      throw new GatewayException(
          ErrorCode.URL_NOT_ALLOWED, path, "The URL of the picture " + refusal);
    }
    return new InputImage.Url(text);
  }

  private InputImage stored(String path, SpooledInput spooled) {
    if (spooled.problem() != null) {
      throw refused(path, spooled.problem());
    }
    ImageHeader header = spooled.header();
    if (header == null) {
      throw refused(path, "is no PNG, JPEG, WEBP or BMP, or ends within its header");
    }
    if (!spooled.matchesMediaType()) {
      throw refused(
          path,
          "is called %s but is %s"
              .formatted(GatewayException.shown(spooled.mediaType()), header.format().mediaType()));
    }
    if (header.alpha()) {
      throw refused(
          path, "has transparency (an alpha channel), which the model does not take; flatten it");
    }
    if (header.animated()) {
      throw refused(path, "is animated; give a still picture");
    }
    if (header.cmyk()) {
      throw refused(path, "has CMYK colours; save it as RGB");
    }
    InputImage.Stored image =
        new InputImage.Stored(
            spooled.sha256(),
            header.format().mediaType(),
            spooled.bytes(),
            header.width(),
            header.height());
    check.input(path, image);
    if (spooled.fault() != null) {
      throw refused(path, "is damaged: " + spooled.fault());
    }
    return image;
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

  private static GatewayException refused(String path, @Nullable String problem) {
    return new GatewayException(ErrorCode.INVALID_IMAGE, path, "The picture " + problem);
  }
}
