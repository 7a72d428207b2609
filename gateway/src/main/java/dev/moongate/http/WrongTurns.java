package dev.moongate.http;

import dev.moongate.error.ErrorCode;
import dev.moongate.error.GatewayException;
import org.jspecify.annotations.Nullable;

/** Answers for addresses that people get slightly wrong: it names the right one. */
final class WrongTurns {
  private static final String RIGHT = "/v1/images/generations";

  private WrongTurns() {}

  static GatewayException notFound(@Nullable String path) {
    String asked = path == null ? "" : path;
    String message;
    if (asked.endsWith("/images/generations") || asked.equals(RIGHT + "/")) {
      message =
          "There is nothing at %s; pictures are made at %s: check the base URL of your client (%s)"
              .formatted(GatewayException.shown(asked), RIGHT, "it ends in /v1, once");
    } else if (asked.startsWith("/v1/images/edits") || asked.startsWith("/v1/images/variations")) {
      message =
          "%s is not offered yet; put input pictures into `input.messages` of %s"
              .formatted(GatewayException.shown(asked), RIGHT);
    } else {
      message =
          "There is nothing at %s; /docs lists what there is"
              .formatted(GatewayException.shown(asked));
    }
    return new GatewayException(ErrorCode.NOT_FOUND, message);
  }
}
