/**
 * Tells a key's webhook how its generations ended, after the Standard Webhooks conventions: signed,
 * retried for 24 hours, and only to addresses that were checked. It must not know wire shapes or
 * SQL. Read {@link dev.moongate.webhook.WebhookSender} first.
 */
@NullMarked
package dev.moongate.webhook;

import org.jspecify.annotations.NullMarked;
