package dev.moongate.http.images;

import dev.moongate.error.ErrorCode;
import dev.moongate.error.GatewayException;
import dev.moongate.http.Json;
import dev.moongate.http.Members;
import dev.moongate.http.body.ReceivedBody;
import dev.moongate.image.ContentPart;
import dev.moongate.image.ImageRequest;
import dev.moongate.image.ResponseFormat;
import dev.moongate.image.Warning;
import dev.moongate.model.Catalogue;
import dev.moongate.model.Model;
import dev.moongate.model.RequestCheck;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * The body of {@code POST /v1/images/generations}: every member is mapped, refused by name, or
 * warned about.
 */
final class GenerateBody {
  private static final Set<String> IGNORED_WHEN_LENIENT =
      Set.of(
          "negative_prompt",
          "image_size",
          "batch_size",
          "num_inference_steps",
          "guidance_scale",
          "prompt_enhancement");

  private final Members body;
  private final ReceivedBody received;
  private final RequestCheck check;
  private final Usual usual;
  private final List<Warning> warnings = new ArrayList<>();

  private GenerateBody(Members body, ReceivedBody received, RequestCheck check, Usual usual) {
    this.body = body;
    this.received = received;
    this.check = check;
    this.usual = usual;
  }

  /**
   * What a key's requests mean where they do not say.
   *
   * @param lenient whether more members of other APIs are ignored with a warning
   * @param linkLife how long links live, and may be asked to live; null for {@code longestLink}
   * @param longestLink how long the server lets links live
   */
  record Usual(
      boolean lenient,
      ResponseFormat responseFormat,
      @Nullable Duration linkLife,
      Duration longestLink) {}

  /**
   * The request that a body is. Its input pictures are still the body's own when this returns.
   *
   * @param usual what holds where the body does not say
   * @throws GatewayException naming the member that is wrong
   */
  static ImageRequest parse(ReceivedBody received, Catalogue catalogue, Usual usual) {
    ObjectNode root = Json.object(received.json());
    StrayPictures.refuseIn(received, root);
    Members body = new Members(root, "");
    Model model = PictureMembers.model(body, catalogue);
    GenerateBody parser = new GenerateBody(body, received, new RequestCheck(model), usual);
    parser.refuseUnknown(model, usual.lenient());
    return parser.request(model);
  }

  private void refuseUnknown(Model model, boolean lenient) {
    Set<String> known = new HashSet<>(Set.of("model"));
    model.parameters().forEach(parameter -> known.add(parameter.name()));
    for (String name : body.names()) {
      boolean ignored =
          model.ignored().contains(name) || (lenient && IGNORED_WHEN_LENIENT.contains(name));
      if (name.equals("parameters")) {
        throw new GatewayException(
            ErrorCode.UNKNOWN_PARAMETER,
            "parameters",
            "There is no member parameters here: put its fields (size, n, seed, ...) at the top"
                + " level");
      }
      if (!ignored && !known.contains(name)) {
        throw body.unknown(name, known);
      }
      if (ignored && body.find(name) != null) {
        warn(name, "ignored_parameter", "This model has no use for " + name + "; it was ignored.");
      }
    }
    if (Boolean.TRUE.equals(body.flag("stream"))) {
      throw new GatewayException(
          ErrorCode.INVALID_VALUE,
          "stream",
          "stream: true is not offered yet; leave it out and the answer comes when the pictures are"
              + " made");
    }
  }

  private ImageRequest request(Model model) {
    List<ContentPart> content = content();
    return new PictureMembers(body, model, check)
        .request(content, responseFormat(), linkLife(), warnings);
  }

  private List<ContentPart> content() {
    String prompt = body.text("prompt");
    if (prompt != null && prompt.isEmpty()) {
      prompt = null;
    }
    if (body.find("input") == null) {
      if (prompt == null) {
        throw new GatewayException(
            ErrorCode.MISSING_REQUIRED_PARAMETER,
            "prompt",
            "prompt is missing; say what the picture shows in prompt or in input.messages");
      }
      ContentMembers.requireWords("prompt", prompt);
      check.prompt("prompt", prompt);
      return List.of(new ContentPart.Text(prompt));
    }
    if (prompt != null) {
      warn("prompt", "prompt_overridden", "Both prompt and input were given; input was used.");
    }
    return new ContentMembers(received, check).read(Objects.requireNonNull(body.find("input")));
  }

  private ResponseFormat responseFormat() {
    String format = body.text("response_format");
    if (format == null) {
      return usual.responseFormat();
    }
    for (ResponseFormat known : ResponseFormat.values()) {
      if (known.wireName().equals(format)) {
        return known;
      }
    }
    throw new GatewayException(
        ErrorCode.INVALID_VALUE,
        "response_format",
        "response_format is %s; it must be url or b64_json"
            .formatted(GatewayException.shown(format)));
  }

  private @Nullable Duration linkLife() {
    Long seconds = body.number("link_expires_in");
    if (seconds == null) {
      return usual.linkLife();
    }
    Duration longestLink = usual.linkLife() == null ? usual.longestLink() : usual.linkLife();
    if (seconds < 1 || seconds > longestLink.toSeconds()) {
      throw new GatewayException(
          ErrorCode.INVALID_VALUE,
          "link_expires_in",
          "link_expires_in is %d; it must be from 1 to %d seconds"
              .formatted(seconds, longestLink.toSeconds()));
    }
    return Duration.ofSeconds(seconds);
  }

  private void warn(String param, String code, String message) {
    warnings.add(new Warning(param, code, message));
  }
}
