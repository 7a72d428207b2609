package dev.moongate.sandbox.http;

import dev.moongate.sandbox.task.Task;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** Signed picture links, such as object storage hands out. The secret is kept in the home. */
public final class Links {
  static final String PATH = "/sandbox-images/";

  private final byte[] secret;

  private Links(byte[] secret) {
    this.secret = secret;
  }

  public static Links open(Path file) throws IOException {
    if (!Files.exists(file)) {
      byte[] fresh = new byte[32];
      new SecureRandom().nextBytes(fresh);
      Files.write(file, fresh);
    }
    return new Links(Files.readAllBytes(file));
  }

  String link(String origin, Task task, int index) {
    long expires = task.linksExpire().getEpochSecond();
    String name = task.pictureName(index);
    String signature = URLEncoder.encode(sign(name, expires), StandardCharsets.UTF_8);
    return origin + PATH + name + "?Expires=" + expires + "&Signature=" + signature;
  }

  boolean signed(String name, long expires, @Nullable String signature) {
    return signature != null
        && MessageDigest.isEqual(
            sign(name, expires).getBytes(StandardCharsets.UTF_8),
            signature.getBytes(StandardCharsets.UTF_8));
  }

  private String sign(String name, long expires) {
    try {
      Mac mac = Mac.getInstance("HmacSHA1");
      mac.init(new SecretKeySpec(secret, "HmacSHA1"));
      byte[] text = ("GET\n" + expires + "\n" + name).getBytes(StandardCharsets.UTF_8);
      return Base64.getEncoder().encodeToString(mac.doFinal(text));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HmacSHA1", e);
    }
  }
}
