package dev.moongate.routing;

import dev.moongate.provider.ApiKey;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
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

  /** Which generation keeps which key from use. */
  private final Map<String, String> held = new HashMap<>();

  private int next;

  public KeyRing(List<ApiKey> keys, boolean exclusive) {
    this.keys = List.copyOf(keys);
    this.exclusive = exclusive;
  }

  /** A key to submit with; empty while all are in use. */
  public synchronized Optional<ApiKey> tryTake() {
    for (int i = 0; i < keys.size(); i++) {
      ApiKey key = keys.get((next + i) % keys.size());
      if (held.containsValue(key.reference())) {
        continue;
      }
      if (!exclusive || busy.add(key.reference())) {
        next = (next + i + 1) % keys.size();
        return Optional.of(key);
      }
    }
    return Optional.empty();
  }

  /** Keeps a key from use while a generation that was sent with it is in doubt. */
  public synchronized void hold(String reference, String generation) {
    if (exclusive) {
      held.put(generation, reference);
    }
  }

  /** Ends the {@link #hold} of one generation; others may hold the same key. */
  public synchronized void release(String generation) {
    held.remove(generation);
  }

  /** The generations that hold a key. */
  public synchronized Set<String> holders() {
    return Set.copyOf(held.keySet());
  }

  /** Gives a key back once the outcome of its submit is on disk. */
  public synchronized void giveBack(ApiKey key) {
    busy.remove(key.reference());
  }

  /**
   * The key that a stored reference names, or any other of the account: the provider shows a task
   * to all keys of its company, and whether this is one of them is not known.
   */
  public ApiKey forReference(String reference) {
    return find(reference).orElse(keys.getFirst());
  }

  /** Whether the account still has the key that a stored reference names. */
  public boolean has(String reference) {
    return find(reference).isPresent();
  }

  private Optional<ApiKey> find(String reference) {
    return keys.stream().filter(key -> key.reference().equals(reference)).findFirst();
  }
}
