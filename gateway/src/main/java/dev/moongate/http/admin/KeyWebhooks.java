package dev.moongate.http.admin;

import dev.moongate.http.Members;
import dev.moongate.webhook.Webhook;
import dev.moongate.webhook.WebhookRows;
import dev.moongate.webhook.WebhookSecret;
import dev.moongate.webhook.WebhookSettings;
import dev.moongate.webhook.WebhookUrl;
import java.net.URI;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/** The webhooks of keys, as their bodies name them. */
record KeyWebhooks(WebhookRows rows, WebhookSettings settings, SecureRandom random) {
  /** The webhook that a body gives, with a secret of its own; null if it gives none. */
  @Nullable Webhook read(Members body) {
    String url = body.text("webhook_url");
    if (url == null) {
      return null;
    }
    WebhookUrl.refusalOf(url, settings)
        .ifPresent(rule -> {
          throw AdminBody.invalid("webhook_url", "webhook_url " + rule);
        });
    return new Webhook(URI.create(url), WebhookSecret.generate(random));
  }
}
