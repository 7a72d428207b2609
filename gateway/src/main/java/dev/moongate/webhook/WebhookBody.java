package dev.moongate.webhook;

import dev.moongate.generation.Generation;

/** Makes the JSON that tells of an ended generation; the wire's shapes are not known here. */
@FunctionalInterface
public interface WebhookBody {
  /** The event of a generation that has ended. */
  String of(Generation ended);
}
