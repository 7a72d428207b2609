package dev.moongate;

import dev.moongate.auth.Key;
import dev.moongate.auth.KeyTerms;
import dev.moongate.auth.Keys;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Makes keys and the rows that are kept of them. */
public final class KeyMaker {
  private static final String ORGANISATION = "default";
  private static final String PROJECT = "default";

  private final SecureRandom random;
  private final InstantSource clock;

  public KeyMaker(SecureRandom random, InstantSource clock) {
    this.random = random;
    this.clock = clock;
  }

  public Key newKey() {
    return Key.generate(random);
  }

  /** The row of a key: its hash and its last four digits, not itself. */
  public Keys.KeyRow row(
      Key key, String name, KeyTerms terms, String origin, @Nullable Instant expires) {
    return row(key, PROJECT, name, terms, origin, expires);
  }

  /** The same in a project of its own. */
  public Keys.KeyRow row(
      Key key,
      String project,
      String name,
      KeyTerms terms,
      String origin,
      @Nullable Instant expires) {
    byte[] bits = new byte[8];
    random.nextBytes(bits);
    return new Keys.KeyRow(
        "key_" + HexFormat.of().formatHex(bits),
        ORGANISATION,
        project,
        name,
        key.hash(),
        key.lastFour(),
        terms,
        origin,
        clock.instant(),
        expires,
        null,
        null);
  }
}
