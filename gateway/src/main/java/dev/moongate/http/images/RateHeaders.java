package dev.moongate.http.images;

import dev.moongate.http.Exchange;
import dev.moongate.policy.RateLimiter;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;

/** Tells a caller how its limits stand, in OpenAI's headers. */
public final class RateHeaders {
  private RateHeaders() {}

  public static void put(Exchange exchange, List<RateLimiter.Standing> rates) {
    for (RateLimiter.Standing rate : rates) {
      String unit = rate.unit().wireName();
      exchange.put("x-ratelimit-limit-" + unit, Long.toString(rate.limit()));
      exchange.put("x-ratelimit-remaining-" + unit, Long.toString(rate.remaining()));
      exchange.put("x-ratelimit-reset-" + unit, shown(rate.reset()));
    }
  }

  /** {@code 250ms}, {@code 1.5s}, as OpenAI writes it. */
  private static String shown(Duration time) {
    long millis = time.toMillis();
    return millis < 1000
        ? millis + "ms"
        : BigDecimal.valueOf(millis, 3).stripTrailingZeros().toPlainString() + "s";
  }
}
