package dev.moongate.policy;

import dev.moongate.error.ErrorCode;
import dev.moongate.error.GatewayException;
import dev.moongate.image.ImageRequest;
import dev.moongate.image.Size;
import dev.moongate.model.Model;
import dev.moongate.model.Money;
import java.time.Duration;

/**
 * Whether a request may come in, and what is set aside for it. The last word before anything is
 * written; budgets are checked by the transaction that writes the hold.
 */
public final class Admission {
  private final String currency;
  private final int longestQueue;

  /**
   * Makes the one admission of a gateway.
   *
   * @param currency the ledger's one currency, ISO 4217
   * @param longestQueue how many generations may wait for an account
   */
  public Admission(String currency, int longestQueue) {
    this.currency = currency;
    this.longestQueue = longestQueue;
  }

  /**
   * What a request will cost at most.
   *
   * @param unitPrice of a picture, from now on frozen for this generation
   * @param pixels of all pictures together, at most
   */
  public record Quote(Money unitPrice, long pixels) {}

  /** The quote for a request that was checked. */
  public Quote quote(Model model, ImageRequest request) {
    return new Quote(
        model.price(currency), Math.multiplyExact(request.n(), pixels(model, request)));
  }

  /** Of one picture, at most. */
  private static long pixels(Model model, ImageRequest request) {
    boolean textToImage = request.inputImages().isEmpty() && !request.sequential();
    long pixels =
        switch (request.size()) {
          case null -> (long) Size.Tier.K2.side() * Size.Tier.K2.side();
          case Size.Tier tier -> (long) tier.side() * tier.side();
          case Size.Pixels exact -> exact.total();
        };
    return Math.min(pixels, model.sizes(textToImage).maxPixels());
  }

  /**
   * Refuses when too many wait, or when a request would wait past its deadline.
   *
   * @param queued how many generations wait for the account already
   * @param wait how long this one would wait, going by the last ones
   * @param deadline how long it may
   * @throws GatewayException if the queue is full
   */
  public void requireQueue(int queued, Duration wait, Duration deadline) {
    if (queued >= longestQueue) {
      throw full("%d generations are waiting already".formatted(queued), wait);
    }
    if (wait.compareTo(deadline) > 0) {
      throw full(
          "This would wait for about %d seconds, and may wait for %d"
              .formatted(wait.toSeconds(), deadline.toSeconds()),
          wait);
    }
  }

  private static GatewayException full(String reason, Duration wait) {
    return new GatewayException(
            ErrorCode.QUEUE_FULL,
            "%s; nothing was started or charged; a place is free in about %d seconds"
                .formatted(reason, Math.max(1, wait.toSeconds())))
        .after(wait.compareTo(Duration.ofSeconds(1)) < 0 ? Duration.ofSeconds(1) : wait);
  }
}
