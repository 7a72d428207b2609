package dev.moongate.sandbox.http;

import dev.moongate.sandbox.ask.VendorError;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Who calls: any key that looks like the vendor's is good, and is known by its hash only. */
public record Account(String apiKeyId) {
  static final Account NOBODY = new Account("");

  static Account require(@Nullable String authorization) {
    if (authorization == null || authorization.isBlank()) {
      throw new VendorError(401, "InvalidApiKey", "No API-key provided.");
    }
    String key =
        authorization.regionMatches(true, 0, "Bearer ", 0, 7)
            ? authorization.substring(7).strip()
            : "";
    if (!key.startsWith("sk-") || key.length() < 4) {
      throw new VendorError(401, "InvalidApiKey", "Invalid API-key provided.");
    }
    return new Account(nameOf(key));
  }

  /** The name that a key's tasks bear in the list. */
  public static String nameOf(String key) {
    byte[] hash = sha256().digest(key.getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().formatHex(hash, 0, 8);
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
