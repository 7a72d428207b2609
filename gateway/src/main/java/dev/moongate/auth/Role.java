package dev.moongate.auth;

import java.util.Arrays;
import java.util.Optional;

/** What the holder of a key may do. Stored by name; each role may do what those below it may. */
public enum Role {
  /** Sees its project's generations, pictures and the models; makes nothing. */
  READ_ONLY("read-only"),
  /** Makes pictures for its project too. */
  MEMBER("member"),
  /** Administers the gateway too: projects, keys, budgets, usage. */
  ADMIN("admin");

  private final String wireName;

  Role(String wireName) {
    this.wireName = wireName;
  }

  /** The role of a wire name; empty if there is none. */
  public static Optional<Role> find(String wireName) {
    return Arrays.stream(values()).filter(role -> role.wireName.equals(wireName)).findFirst();
  }

  /** As people write it: {@code read-only}. */
  public String wireName() {
    return wireName;
  }

  /** Whether this role may do what {@code other} may. */
  public boolean covers(Role other) {
    return compareTo(other) >= 0;
  }
}
