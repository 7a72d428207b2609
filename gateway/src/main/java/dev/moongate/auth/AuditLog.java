package dev.moongate.auth;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who changed which key, project or budget. Written by the transaction that makes the change;
 * nothing is ever taken out of it. Implemented in {@code db}.
 */
public interface AuditLog {
  /**
   * Newest first.
   *
   * @param after the last entry of the page before; null for the first page
   */
  List<Entry> list(int limit, @Nullable String after);

  /**
   * One change.
   *
   * @param actor id of the key that asked for it, or {@code cli}, {@code start}
   * @param action such as {@code key.add}
   * @param target id of what was changed
   * @param detail what it is now, as JSON without secrets
   */
  record Entry(String id, Instant at, String actor, String action, String target, String detail) {}
}
