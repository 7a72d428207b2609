package dev.moongate.webhook;

import java.net.URI;

/** What a key was given: where its events go and what they are signed with. */
public record Webhook(URI url, WebhookSecret secret) {
  /** Without the path, which may be a credential of the receiver's. */
  @Override
  public String toString() {
    return "Webhook[host=" + url.getHost() + "]";
  }
}
