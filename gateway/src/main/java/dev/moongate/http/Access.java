package dev.moongate.http;

import dev.moongate.auth.Role;
import org.jspecify.annotations.Nullable;

/** Who may use a route. Every route says so; there is no default. */
public enum Access {
  /** Anybody. */
  PUBLIC(null),
  /** Every good key. */
  READ_ONLY(Role.READ_ONLY),
  /** Keys that make pictures. */
  MEMBER(Role.MEMBER),
  /** Keys that administer the gateway. */
  ADMIN(Role.ADMIN),
  /** The same, and whoever asks from the gateway's own machine. */
  ADMIN_OR_LOOPBACK(Role.ADMIN);

  private final @Nullable Role least;

  Access(@Nullable Role least) {
    this.least = least;
  }

  /**
   * The least role that a key needs; null if none is needed at all.
   *
   * @param loopback whether the connection comes from this machine, whatever its headers say
   */
  public @Nullable Role least(boolean loopback) {
    return loopback && this == ADMIN_OR_LOOPBACK ? null : least;
  }
}
