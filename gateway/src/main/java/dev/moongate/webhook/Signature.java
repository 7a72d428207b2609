package dev.moongate.webhook;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import javax.crypto.Mac;

/**
 * The {@code webhook-signature} of one attempt: HMAC-SHA256 over id, time and body, as the Standard
 * Webhooks specification (seen 2026-11) writes it.
 */
final class Signature {
  static final String ALGORITHM = "HmacSHA256";

  private Signature() {}

  /** {@code v1,} and the base64 of the HMAC of {@code id.seconds.body}. */
  static String of(WebhookSecret secret, String id, Instant at, String body) {
    String signed = id + "." + at.getEpochSecond() + "." + body;
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(secret.key());
      byte[] digest = mac.doFinal(signed.getBytes(StandardCharsets.UTF_8));
      return "v1," + Base64.getEncoder().encodeToString(digest);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
