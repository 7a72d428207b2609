package dev.moongate.generation;

import java.security.SecureRandom;
import java.time.Instant;

/**
 * Makes generation ids: {@code gen_}, the time in milliseconds, and 80 random bits, so that ids
 * sort by time.
 */
public final class GenerationIds {
  private static final String DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";
  private static final int TIME_DIGITS = 10;
  private static final int RANDOM_DIGITS = 16;

  private final SecureRandom random;

  public GenerationIds(SecureRandom random) {
    this.random = random;
  }

  /** What no id of this moment or later comes before. */
  static String first(Instant moment) {
    StringBuilder id = new StringBuilder("gen_");
    long millis = moment.toEpochMilli();
    for (int i = TIME_DIGITS - 1; i >= 0; i--) {
      id.append(DIGITS.charAt((int) (millis >>> (5 * i)) & 31));
    }
    return id.toString();
  }

  public String next(Instant now) {
    StringBuilder id = new StringBuilder(first(now));
    for (int i = 0; i < RANDOM_DIGITS; i++) {
      id.append(DIGITS.charAt(random.nextInt(32)));
    }
    return id.toString();
  }
}
