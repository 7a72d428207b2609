package dev.moongate.auth;

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

  /** As people write it: {@code read-only}. */
  public String wireName() {
    return wireName;
  }

  /** Whether this role may do what {@code other} may. */
  public boolean covers(Role other) {
    return compareTo(other) >= 0;
  }
}
