package dev.moongate.webhook;

/**
 * Where events may go.
 *
 * @param allowPrivate whether webhooks may lie at private addresses, and at loopback over http: for
 *     development
 */
public record WebhookSettings(boolean allowPrivate) {
  /** What a gateway runs with unless told otherwise. */
  public static final WebhookSettings DEFAULTS = new WebhookSettings(false);
}
