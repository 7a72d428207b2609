package dev.moongate.store;

import dev.moongate.image.ImageFormat;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs and checks links to stored pictures: {@code
 * /images/img_x.png?expires=1764000000&signature=...}. The signature is an HMAC-SHA256 over the
 * picture's id and the second of expiry.
 */
public final class Links {
  private static final int SHORTEST_SECRET = 32;

  private final SecretKeySpec secret;

  /**
   * Makes a signer.
   *
   * @param secret at least 32 random bytes
   */
  public Links(byte[] secret) {
    if (secret.length < SHORTEST_SECRET) {
      throw new IllegalArgumentException("the secret for links has " + secret.length + " bytes");
    }
    this.secret = new SecretKeySpec(secret, "HmacSHA256");
  }

  /** What a link is worth. */
  public enum Verdict {
    VALID,
    EXPIRED,
    INVALID
  }

  /** Path and query of a link; the caller puts the server's address before it. */
  public String path(String imageId, ImageFormat format, Instant expires) {
    long second = expires.getEpochSecond();
    return "/images/"
        + imageId
        + '.'
        + format.extension()
        + "?expires="
        + second
        + "&signature="
        + signature(imageId, second);
  }

  /** Judges a link in constant time; a wrong signature is never called expired. */
  public Verdict verify(String imageId, long expires, String signature, Instant now) {
    byte[] expected = signature(imageId, expires).getBytes(StandardCharsets.US_ASCII);
    if (!MessageDigest.isEqual(expected, signature.getBytes(StandardCharsets.UTF_8))) {
      return Verdict.INVALID;
    }
    return now.getEpochSecond() < expires ? Verdict.VALID : Verdict.EXPIRED;
  }

  private String signature(String imageId, long expires) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(secret);
      byte[] bytes = mac.doFinal((imageId + "\n" + expires).getBytes(StandardCharsets.UTF_8));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
