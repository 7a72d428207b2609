package dev.moongate.provider;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What became of an HTTP call: an answer, or the measured fact of how far the request got. */
public sealed interface CallOutcome {
  /** Whether every byte of the request was handed to the connection. */
  boolean wholeRequestLeft();

  /**
   * A complete answer, of whatever status.
   *
   * @param retryAfter the header as it came
   * @param encoded whether it carries a Content-Encoding, which we never ask for
   */
  record Answered(
      int status, @Nullable String retryAfter, boolean encoded, Body body, boolean wholeRequestLeft)
      implements CallOutcome {}

  /**
   * No connection, or no complete answer.
   *
   * @param reason for logs; names no address and no credential
   */
  record Broken(String reason, boolean wholeRequestLeft) implements CallOutcome {}

  /** The bytes of an answer. */
  final class Body {
    private final byte[] bytes;

    public Body(byte[] bytes) {
      this.bytes = bytes;
    }

    public byte[] bytes() {
      return bytes;
    }

    @Override
    public String toString() {
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }
}
