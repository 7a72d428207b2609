package dev.moongate.store;

import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * Makes public picture ids: {@code img_} and 128 random bits, so that nobody can guess another's.
 */
public final class ImageIds {
  private final SecureRandom random;

  public ImageIds(SecureRandom random) {
    this.random = random;
  }

  public String next() {
    byte[] bits = new byte[16];
    random.nextBytes(bits);
    return "img_" + HexFormat.of().formatHex(bits);
  }
}
