package dev.moongate.provider;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A credential at a provider. It never shows itself: use {@link #secret} only to write the request.
 */
public final class ApiKey {
  private final String secret;

  public ApiKey(String secret) {
    this.secret = secret;
  }

  /** The credential itself. */
  public String secret() {
    return secret;
  }

  /** Tells keys apart in rows and logs without revealing them: 12 hex digits of the SHA-256. */
  public String reference() {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 6);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public String toString() {
    return "***";
  }
}
