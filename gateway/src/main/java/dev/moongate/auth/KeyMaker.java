package dev.moongate.auth;

import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Makes keys and projects, and the rows that are kept of them. */
public final class KeyMaker {
  private static final String ORGANISATION = "default";
  private static final int LONGEST_NAME = 100;

  /** The project of keys that name none. */
  public static final String PROJECT = "default";

  private final SecureRandom random;
  private final InstantSource clock;

  public KeyMaker(SecureRandom random, InstantSource clock) {
    this.random = random;
    this.clock = clock;
  }

  /** Whether a text may name a key or a project: 1 to 100 characters that can be seen. */
  public static boolean isName(String text) {
    return !text.isBlank()
        && text.codePointCount(0, text.length()) <= LONGEST_NAME
        && text.chars().noneMatch(Character::isISOControl);
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
    return new Keys.KeyRow(
        newId("key_"),
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

  /** A new project. */
  public Project project(String name, int weight, CallerLimits limits) {
    return new Project(newId("proj_"), ORGANISATION, name, weight, limits, clock.instant(), null);
  }

  private String newId(String prefix) {
    byte[] bits = new byte[8];
    random.nextBytes(bits);
    return prefix + HexFormat.of().formatHex(bits);
  }
}
