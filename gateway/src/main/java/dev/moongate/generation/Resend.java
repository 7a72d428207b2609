package dev.moongate.generation;

import org.jspecify.annotations.Nullable;

/**
 * How a request marks itself as one that may have been sent before. Requests without a mark are
 * never taken for one another.
 *
 * @param endpoint where it was sent, such as {@code images/generations}: the same words sent
 *     elsewhere are another request
 * @param idempotencyKey the caller's own name of what it wants once; null if it gave none
 * @param retryCount how often the client says that it has sent this request before; 0 if it does
 *     not say, or never did
 */
public record Resend(String endpoint, @Nullable String idempotencyKey, int retryCount) {
  /** No mark. */
  public static final Resend NONE = new Resend("images/generations", null, 0);

  /** Whether an earlier request may be meant. */
  public boolean marked() {
    return idempotencyKey != null || retryCount > 0;
  }
}
