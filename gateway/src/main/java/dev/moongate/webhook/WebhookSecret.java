package dev.moongate.webhook;

import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.spec.SecretKeySpec;

/**
 * What a key's events are signed with: {@code whsec_} and the base64 of 32 random bytes. It never
 * shows itself: {@link #text} is for its row and for the one moment of its making.
 */
public final class WebhookSecret {
  private static final String PREFIX = "whsec_";
  private static final int BYTES = 32;

  private final String text;
  private final SecretKeySpec key;

  private WebhookSecret(String text, byte[] bytes) {
    this.text = text;
    this.key = new SecretKeySpec(bytes, Signature.ALGORITHM);
  }

  public static WebhookSecret generate(SecureRandom random) {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    return new WebhookSecret(PREFIX + Base64.getEncoder().encodeToString(bytes), bytes);
  }

  /** The secret that a row holds. */
  public static WebhookSecret of(String text) {
    if (!text.startsWith(PREFIX)) {
      throw new IllegalArgumentException("not a webhook secret");
    }
    return new WebhookSecret(text, Base64.getDecoder().decode(text.substring(PREFIX.length())));
  }

  /** The secret itself: to be shown once, or stored. */
  public String text() {
    return text;
  }

  SecretKeySpec key() {
    return key;
  }

  @Override
  public String toString() {
    return PREFIX + "***";
  }
}
