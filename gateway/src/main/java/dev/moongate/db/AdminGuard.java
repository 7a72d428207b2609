package dev.moongate.db;

import dev.moongate.auth.Keys.KeyRow;
import dev.moongate.auth.Role;
import dev.moongate.error.ErrorCode;
import dev.moongate.error.GatewayException;
import java.sql.SQLException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a gateway in somebody's hands, within the transaction of a change: the last admin key that
 * works stays one, and the environment's key is the environment's business.
 */
final class AdminGuard {
  private static final String ENVIRONMENT = "environment";

  private final Sql sql;
  private final Instant now;
  private final boolean administered;

  private AdminGuard(Sql sql, Instant now, boolean administered) {
    this.sql = sql;
    this.now = now;
    this.administered = administered;
  }

  /** To be called before the change; such changes are one at a time from here to the commit. */
  static AdminGuard before(Sql sql, Instant now) throws SQLException {
    // On PostgreSQL two transactions could otherwise take one of two admin keys each.
    sql.update("UPDATE organisation SET created_at = created_at WHERE id = 'default'");
    return new AdminGuard(sql, now, workingAdmins(sql, now) > 0);
  }

  /**
   * To be called after the change.
   *
   * @param param the member that asked for it; null if it was none
   * @throws GatewayException if no admin key works any more; then the transaction is undone
   */
  void after(@Nullable String param) throws SQLException {
    if (administered && workingAdmins(sql, now) == 0) {
      throw refused(param, "No admin key would be left that works; make another one first");
    }
  }

  /** Refuses to take power from the environment's key. */
  static void requireNotTheEnvironments(KeyRow before, KeyRow after) {
    if (!before.origin().equals(ENVIRONMENT)) {
      return;
    }
    if (after.terms().role() != Role.ADMIN) {
      throw environments("role");
    }
    if (after.expiresAt() != null) {
      throw environments("expires_at");
    }
    if ((before.disabledAt() == null) != (after.disabledAt() == null)) {
      throw environments("disabled");
    }
  }

  /** Refuses if it is the environment's key. */
  static void requireNotTheEnvironments(KeyRow key) {
    if (key.origin().equals(ENVIRONMENT)) {
      throw environments(null);
    }
  }

  /** Refuses if the environment's key works in this project. */
  void requireNoneOfTheEnvironment(String project) throws SQLException {
    long there =
        sql.number(
            """
            SELECT COUNT(*) AS value FROM api_key
            WHERE project_id = ? AND origin = ? AND disabled_at IS NULL AND deleted_at IS NULL
            """,
            project,
            ENVIRONMENT);
    if (there > 0) {
      throw environments("disabled");
    }
  }

  /** What of a key was changed that may have cost the gateway its last admin. */
  static @Nullable String reason(KeyRow before, KeyRow after) {
    if (before.terms().role() != after.terms().role()) {
      return "role";
    }
    return before.disabledAt() == null && after.disabledAt() != null ? "disabled" : "expires_at";
  }

  private static GatewayException environments(@Nullable String param) {
    return refused(
        param,
        "This key is the one in MOONGATE_API_KEY: it is an admin's and works for as long as the"
            + " gateway is started with it");
  }

  private static GatewayException refused(@Nullable String param, String message) {
    return new GatewayException(ErrorCode.INVALID_VALUE, param, message);
  }

  private static long workingAdmins(Sql sql, Instant now) throws SQLException {
    return sql.number(
        """
        SELECT COUNT(*) AS value FROM api_key k JOIN project p ON p.id = k.project_id
        WHERE k.role = 'ADMIN' AND k.disabled_at IS NULL AND k.deleted_at IS NULL
          AND p.disabled_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > ?)
        """,
        now);
  }
}
