package dev.moongate.auth;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The keys we know, by their hashes. Implemented in {@code db}; every method blocks for one
 * database round trip. Every change names its actor and stands in the audit log.
 */
public interface Keys {
  /**
   * The caller that a key's hash stands for; empty if unknown, disabled or expired at {@code now},
   * or if its project is disabled.
   */
  Optional<Caller> findActive(KeyHash hash, Instant now);

  /** Stores a new key. */
  void add(KeyRow row, String actor);

  /** All keys that were not deleted, oldest first. */
  List<KeyRow> list();

  /** Whatever its state; empty if unknown or deleted. */
  Optional<KeyRow> find(String keyId);

  /** Name, terms, expiry, and whether it works; false if there is no such key. */
  default boolean change(KeyRow row, String actor) {
    return change(row.id(), _ -> row, actor).isPresent();
  }

  /**
   * The same, made of what the key is at the moment of the change.
   *
   * @param change may be asked twice; what it throws undoes everything
   * @return the key afterwards; empty if there is no such key
   * @throws dev.moongate.error.GatewayException {@code invalid_value} if it would take power from
   *     the environment's key, or leave no admin key that works
   */
  Optional<KeyRow> change(String keyId, UnaryOperator<KeyRow> change, String actor);

  /**
   * Gives the key a new secret; the one of now works until {@code until}, and one before that not
   * any more. False if there is no such key, or it is disabled.
   *
   * @throws dev.moongate.error.GatewayException {@code invalid_value} for the environment's key
   */
  boolean rotate(String keyId, KeyHash hash, String lastFour, Instant until, String actor);

  /** Disables by id; false if there is no such key. Refuses as {@link #change} does. */
  boolean disable(String keyId, String actor);

  /**
   * Takes the key away for good; its generations and ledger lines stay. False if unknown. Refuses
   * as {@link #change} does.
   */
  boolean delete(String keyId, String actor);

  /**
   * Deletes nothing: makes the key given by the environment the only one of that origin that works.
   */
  void useFromEnvironment(@Nullable KeyRow row);

  /**
   * A key as stored: never the key itself.
   *
   * @param id {@code key_...}
   * @param origin {@code first-start}, {@code environment}, {@code keys-add}, {@code admin} or
   *     {@code try}
   * @param lastFour the end of the key, to tell keys apart
   * @param previousUntil until when the secret before the last rotation works; null if there is
   *     none
   */
  record KeyRow(
      String id,
      String organisation,
      String project,
      String name,
      KeyHash hash,
      String lastFour,
      KeyTerms terms,
      String origin,
      Instant createdAt,
      @Nullable Instant expiresAt,
      @Nullable Instant disabledAt,
      @Nullable Instant previousUntil) {
    /** The same key under other terms, name and end. */
    public KeyRow with(
        String newName,
        KeyTerms newTerms,
        @Nullable Instant newExpiry,
        @Nullable Instant newDisabledAt) {
      return new KeyRow(
          id,
          organisation,
          project,
          newName,
          hash,
          lastFour,
          newTerms,
          origin,
          createdAt,
          newExpiry,
          newDisabledAt,
          previousUntil);
    }

    /** The longest that a waiting request of this key waits; null for the server's limit. */
    public @Nullable Duration answerWithin() {
      return terms.answerWithin();
    }
  }
}
