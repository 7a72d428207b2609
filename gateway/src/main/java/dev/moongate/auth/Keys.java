package dev.moongate.auth;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The keys we know, by their hashes. Implemented in {@code db}; every method blocks for one
 * database round trip.
 */
public interface Keys {
  /**
   * The caller that a key's hash stands for; empty if unknown, disabled or expired at {@code now}.
   */
  Optional<Caller> findActive(KeyHash hash, Instant now);

  /** Stores a new key. */
  void add(KeyRow row);

  /** All keys, oldest first. */
  List<KeyRow> list();

  /** Lets requests with a key wait no longer than this; in whole microseconds. */
  void answerWithin(String keyId, Duration limit);

  /** Disables by id; false if there is no such key. */
  boolean disable(String keyId);

  /**
   * Deletes nothing: makes the key given by the environment the only one of that origin that works.
   */
  void useFromEnvironment(@Nullable KeyRow row);

  /**
   * A key as stored: never the key itself.
   *
   * @param id {@code key_...}
   * @param origin {@code first-start}, {@code environment}, {@code keys-add} or {@code try}
   * @param lastFour the end of the key, to tell keys apart
   */
  record KeyRow(
      String id,
      String organisation,
      String project,
      String name,
      KeyHash hash,
      String lastFour,
      boolean admin,
      String origin,
      Instant createdAt,
      @Nullable Instant expiresAt,
      @Nullable Instant disabledAt) {}
}
