package dev.moongate.settings;

import dev.moongate.webhook.WebhookSettings;

/** Reads {@code webhooks}. */
final class WebhookReader {
  private WebhookReader() {}

  static WebhookSettings read(Section section) {
    boolean allowPrivate =
        section
            .value("allow-private", Values::truth)
            .orElse(WebhookSettings.DEFAULTS.allowPrivate());
    section.refuseUnknown();
    return new WebhookSettings(allowPrivate);
  }
}
