package dev.moongate.policy;

import dev.moongate.error.ErrorCode;
import dev.moongate.error.GatewayException;
import dev.moongate.model.Model;
import dev.moongate.model.Money;
import java.time.Duration;

/**
 * Whether a request may come in, and what is set aside for it. The last word before anything is
 * written.
 */
public final class Admission {
  private final String currency;
  private final int longestQueue;

  /**
   * Makes the one admission of a gateway.
   *
   * @param currency the ledger's one currency, ISO 4217
   * @param longestQueue how many generations may wait
   */
  public Admission(String currency, int longestQueue) {
    this.currency = currency;
    this.longestQueue = longestQueue;
  }

  /** What a picture of the model costs, from now on frozen for this generation. */
  public Money price(Model model) {
    return model.price(currency);
  }

  /**
   * Refuses when too many wait.
   *
   * @param queued how many generations wait already
   * @throws GatewayException if the queue is full
   */
  public void requireQueue(int queued) {
    if (queued >= longestQueue) {
      throw new GatewayException(
              ErrorCode.QUEUE_FULL,
              "%d generations are waiting already; nothing was started or charged"
                  .formatted(queued))
          .after(Duration.ofSeconds(60));
    }
  }
}
