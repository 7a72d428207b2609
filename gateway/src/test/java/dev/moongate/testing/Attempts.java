package dev.moongate.testing;

import java.util.List;

/**
 * The tries of all generations, but for those that the gateway itself was too late to send: how
 * many of these there are is the machine's business.
 */
public final class Attempts {
  private Attempts() {}

  /**
   * Columns of the attempts, each row joined by a bar, oldest first; {@code nth} counts those of
   * one generation.
   */
  public static List<String> of(MoongateHarness moongate, String columns) {
    return moongate.rows(
        """
        SELECT %s FROM (
          SELECT attempt.*, ROW_NUMBER() OVER (PARTITION BY generation_id ORDER BY no) AS nth
          FROM attempt WHERE COALESCE(reason, '') <> 'GatewayWasLate') AS sent
        ORDER BY generation_id, nth
        """
            .formatted(columns));
  }
}
