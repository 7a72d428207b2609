package dev.moongate.webhook;

import java.time.Instant;

/**
 * One event that is still to be told, as its row says.
 *
 * @param id {@code msg_...}, the same at every attempt
 * @param webhook of the generation's key, as it is now
 * @param attempts how many have failed so far
 * @param createdAt when the generation ended
 */
public record WebhookDelivery(
    String id,
    String generationId,
    String keyId,
    Webhook webhook,
    int attempts,
    Instant createdAt) {}
