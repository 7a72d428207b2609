package dev.moongate.routing;

import dev.moongate.provider.ApiKey;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * An account's credentials, handed out for one submit each. Where submits are exclusive, a key has
 * one submit in flight at most: then a submit whose answer was lost can be found in the provider's
 * task list without doubt. Safe for several threads.
 */
public final class KeyRing {
  private final List<ApiKey> keys;
  private final boolean exclusive;
  private final Set<String> busy = new HashSet<>();
  private final Set<String> held = new HashSet<>();
  private int next;

  public KeyRing(List<ApiKey> keys, boolean exclusive) {
    this.keys = List.copyOf(keys);
    this.exclusive = exclusive;
  }

  /** A key to submit with; empty while all are in use. */
  public synchronized Optional<ApiKey> tryTake() {
    for (int i = 0; i < keys.size(); i++) {
      ApiKey key = keys.get((next + i) % keys.size());
      if (held.contains(key.reference())) {
        continue;
      }
      if (!exclusive || busy.add(key.reference())) {
        next = (next + i + 1) % keys.size();
        return Optional.of(key);
      }
    }
    return Optional.empty();
  }

  /** Keeps a key from use while a submit that was sent with it is in doubt. */
  public synchronized void hold(String reference) {
    if (exclusive) {
      held.add(reference);
    }
  }

  /** Ends a {@link #hold}. */
  public synchronized void release(String reference) {
    held.remove(reference);
  }

  /** Gives a key back once the outcome of its submit is on disk. */
  public synchronized void giveBack(ApiKey key) {
    busy.remove(key.reference());
  }

  /**
   * The key that a stored reference names, or any other of the account: the provider shows tasks to
   * all of them.
   */
  public ApiKey forReference(String reference) {
    return keys.stream()
        .filter(key -> key.reference().equals(reference))
        .findFirst()
        .orElse(keys.getFirst());
  }
}
