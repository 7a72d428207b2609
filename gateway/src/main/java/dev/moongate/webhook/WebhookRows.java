package dev.moongate.webhook;

import java.net.URI;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The webhooks of keys and the events that are to be told. An event's row is written by the
 * transaction that ends its generation, and only if the generation's key has a webhook. Implemented
 * in {@code db}; every method blocks, and what it writes is durable when it returns.
 */
public interface WebhookRows {
  /** Gives a key its webhook; generations that end from now on are told. */
  void register(String keyId, Webhook webhook, String actor);

  /** Takes a key's webhook away; what was not told yet never will be. */
  void unregister(String keyId, String actor);

  /** Where the events of each key go, by the key's id; keys without a webhook are missing. */
  Map<String, URI> urls();

  /** The event that is due longest, without {@code except} and without those of {@code keys}. */
  Optional<WebhookDelivery> nextDue(Instant now, Set<String> except, Set<String> keys);

  /** When the next row of {@link #nextDue} comes due; empty if there is none. */
  Optional<Instant> nextDueAt(Set<String> except, Set<String> keys);

  /** The receiver took it. */
  void delivered(WebhookDelivery seen, int status);

  /**
   * An attempt failed; another is due at {@code again}.
   *
   * @param status what the receiver answered; null if it did not
   */
  void failed(WebhookDelivery seen, @Nullable Integer status, String error, Instant again);

  /** An attempt failed, and there is not going to be another. */
  void givenUp(WebhookDelivery seen, @Nullable Integer status, String error);
}
