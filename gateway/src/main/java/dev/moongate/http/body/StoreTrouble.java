package dev.moongate.http.body;

import dev.moongate.error.ErrorCode;
import dev.moongate.error.GatewayException;
import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a refusal of a store that cannot take an input picture. Left as it is, the exception would
 * be taken for a client that went away, and the client would get no answer at all.
 */
final class StoreTrouble {
  private static final Logger LOG = LoggerFactory.getLogger(StoreTrouble.class);

  private StoreTrouble() {}

  static GatewayException refusal(IOException e) {
    // The caller must not see the cause, and the error boundary does not log refusals.
    LOG.error("the store cannot take an input picture", e);
    return new GatewayException(
            ErrorCode.STORE_UNAVAILABLE,
            "The input picture cannot be stored at the moment; nothing was started or charged")
        .after(Duration.ofSeconds(10));
  }
}
