package dev.moongate.http;

import dev.moongate.error.GatewayException;
import tools.jackson.databind.node.ObjectNode;

/**
 * How a refusal stands on the wire: its status and its body. The headers are the same in every
 * shape, see {@link ErrorWriter}.
 */
@FunctionalInterface
public interface ErrorShape {
  /** OpenAI's envelope, with the status of our own table. */
  ErrorShape ENVELOPE =
      (error, requestId) -> new Written(error.code().status(), ErrorWriter.envelope(error));

  /**
   * The refusal as it is written.
   *
   * @param requestId of the request that is refused
   */
  Written write(GatewayException error, String requestId);

  /** What leaves. */
  record Written(int status, ObjectNode body) {}
}
