package dev.moongate.auth;

import dev.moongate.error.ErrorCode;
import dev.moongate.error.GatewayException;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Counts wrong keys by the address that they come from: more than 30 at once, and one every two
 * seconds after that, are told to stop. A good key is never refused for the wrong ones beside it,
 * since many may share an address. Safe for several threads.
 */
final class SignInGuard {
  private static final int AT_ONCE = 30;
  private static final Duration REFILL = Duration.ofMinutes(1);
  private static final int MOST_ADDRESSES = 10_000;

  private final TimeMeter meter;

  /** Least recently seen first. */
  private final Map<String, Bucket> buckets =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
          return size() > MOST_ADDRESSES;
        }
      };

  SignInGuard(InstantSource clock) {
    this.meter = new ClockMeter(clock);
  }

  /**
   * One more wrong key from this address.
   *
   * @throws GatewayException {@code too_many_wrong_keys} if that is one too many
   */
  void failed(String address) {
    boolean allowed;
    synchronized (buckets) {
      allowed = buckets.computeIfAbsent(network(address), _ -> bucket()).tryConsume(1);
    }
    if (!allowed) {
      throw new GatewayException(
              ErrorCode.TOO_MANY_WRONG_KEYS,
              "Too many wrong keys came from this address; wait a minute and send a right one")
          .after(REFILL);
    }
  }

  private Bucket bucket() {
    return Bucket.builder()
        .addLimit(limit -> limit.capacity(AT_ONCE).refillGreedy(AT_ONCE, REFILL))
        .withCustomTimePrecision(meter)
        .build();
  }

  /** One IPv6 host has 2^64 addresses: they count as one. */
  private static String network(String address) {
    String[] groups = address.split(":", -1);
    return groups.length < 4
        ? address
        : String.join(":", groups[0], groups[1], groups[2], groups[3]);
  }
}
