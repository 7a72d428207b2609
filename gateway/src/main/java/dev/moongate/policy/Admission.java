package dev.moongate.policy;

import dev.moongate.auth.Caller;
import dev.moongate.error.ErrorCode;
import dev.moongate.error.GatewayException;
import dev.moongate.image.ImageRequest;
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

  /**
   * Sets money aside for a request.
   *
   * @param queued how many generations wait already
   * @throws GatewayException if the queue is full
   */
  public Hold admit(Caller caller, Model model, ImageRequest request, int queued) {
    if (queued >= longestQueue) {
      throw new GatewayException(
              ErrorCode.QUEUE_FULL,
              "%d generations are waiting already; nothing was started or charged"
                  .formatted(queued))
          .after(Duration.ofSeconds(60));
    }
    return new Hold(model.price(currency), request.n());
  }

  /**
   * Money set aside for a generation.
   *
   * @param unitPrice per delivered picture, frozen
   * @param pictures at most this many are charged
   */
  public record Hold(Money unitPrice, int pictures) {
    public Money amount() {
      return unitPrice.times(pictures);
    }
  }
}
