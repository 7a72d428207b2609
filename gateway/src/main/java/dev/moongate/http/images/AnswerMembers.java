package dev.moongate.http.images;

import dev.moongate.error.ErrorCode;
import dev.moongate.error.GatewayException;
import dev.moongate.http.Members;
import dev.moongate.image.ResponseFormat;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Reads the members that say how the answer is to come; they are the same for every endpoint. */
final class AnswerMembers {
  private static final int MOST_PARTIAL_IMAGES = 3;

  private final Members body;
  private final Usual usual;

  AnswerMembers(Members body, Usual usual) {
    this.body = body;
    this.usual = usual;
  }

  /**
   * {@code stream}: whether each picture is to come as an event; {@code partial_images} with it.
   */
  boolean stream() {
    boolean stream = Boolean.TRUE.equals(body.flag("stream"));
    Long partial = stream ? body.number("partial_images") : null;
    if (partial != null && (partial < 0 || partial > MOST_PARTIAL_IMAGES)) {
      throw new GatewayException(
          ErrorCode.INVALID_VALUE,
          "partial_images",
          "partial_images is %d; it must be from 0 to %d".formatted(partial, MOST_PARTIAL_IMAGES));
    }
    return stream;
  }

  /** {@code response_format}, or what the key has instead; events hold nothing but base64. */
  ResponseFormat responseFormat() {
    String format = body.text("response_format");
    boolean stream = stream();
    if (stream && !body.says("response_format")) {
      // What others have set for a key or a model is no wish against the request's own.
      return ResponseFormat.B64_JSON;
    }
    if (format == null) {
      return usual.responseFormat();
    }
    ResponseFormat asked = responseFormat(format);
    if (stream && asked != ResponseFormat.B64_JSON) {
      throw new GatewayException(
          ErrorCode.INVALID_VALUE,
          "response_format",
          "response_format is %s; with stream: true pictures come as b64_json only: leave one of the two out"
              .formatted(format));
    }
    return asked;
  }

  private static ResponseFormat responseFormat(String format) {
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

  /** {@code link_expires_in}, or what the key has instead. */
  @Nullable Duration linkLife() {
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
}
