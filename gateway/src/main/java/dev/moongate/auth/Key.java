package dev.moongate.auth;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * A caller's credential: {@code moongate_}, 32 random base62 digits (190 bits), and 6 digits of
 * checksum, so that a typing mistake is told from an unknown key without asking the database. It
 * never shows itself: {@link #text} is for the one moment of its making.
 */
public final class Key {
  private static final String PREFIX = "moongate_";
  private static final String DIGITS =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  private static final int RANDOM_DIGITS = 32;
  private static final int CHECK_DIGITS = 6;
  private static final Pattern SHAPE =
      Pattern.compile(PREFIX + "[0-9A-Za-z]{" + (RANDOM_DIGITS + CHECK_DIGITS) + "}");

  private final String text;

  private Key(String text) {
    this.text = text;
  }

  /** A new key. */
  public static Key generate(SecureRandom random) {
    StringBuilder body = new StringBuilder(PREFIX);
    for (int i = 0; i < RANDOM_DIGITS; i++) {
      body.append(DIGITS.charAt(random.nextInt(DIGITS.length())));
    }
    return new Key(body + checksum(body.toString()));
  }

  /**
   * The key that {@code text} is, if shape and checksum are right. Knows nothing of whether it
   * exists.
   */
  public static Optional<Key> parse(String text) {
    if (text.length() != PREFIX.length() + RANDOM_DIGITS + CHECK_DIGITS
        || !SHAPE.matcher(text).matches()) {
      return Optional.empty();
    }
    int split = text.length() - CHECK_DIGITS;
    return checksum(text.substring(0, split)).equals(text.substring(split))
        ? Optional.of(new Key(text))
        : Optional.empty();
  }

  /** The key itself: to be shown once, or compared. */
  public String text() {
    return text;
  }

  public KeyHash hash() {
    return KeyHash.of(text);
  }

  /** The end of the key, by which people tell keys apart. */
  public String lastFour() {
    return text.substring(text.length() - 4);
  }

  @Override
  public String toString() {
    return PREFIX + "***";
  }

  private static String checksum(String body) {
    CRC32 crc = new CRC32();
    crc.update(body.getBytes(StandardCharsets.US_ASCII));
    StringBuilder digits = new StringBuilder();
    long rest = crc.getValue();
    for (int i = 0; i < CHECK_DIGITS; i++) {
      digits.append(DIGITS.charAt((int) (rest % DIGITS.length())));
      rest /= DIGITS.length();
    }
    return digits.toString();
  }
}
