package dev.moongate.http.images;

import dev.moongate.error.ErrorCode;
import dev.moongate.error.GatewayException;
import dev.moongate.http.Members;
import dev.moongate.image.ResponseFormat;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Reads the members that say how the answer is to come; they are the same for every endpoint. */
final class AnswerMembers {
  private final Members body;
  private final Usual usual;

  AnswerMembers(Members body, Usual usual) {
    this.body = body;
    this.usual = usual;
  }

  /** {@code stream}: whether each picture is to come as an event. */
  boolean stream() {
    if (Boolean.TRUE.equals(body.flag("stream"))) {
      throw new GatewayException(
          ErrorCode.INVALID_VALUE,
          "stream",
          "stream: true is not offered yet; leave it out and the answer comes when the pictures are"
              + " made");
    }
    return false;
  }

  /** {@code response_format}, or what the key has instead. */
  ResponseFormat responseFormat() {
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
