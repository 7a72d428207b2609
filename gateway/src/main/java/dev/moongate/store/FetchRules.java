package dev.moongate.store;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * How pictures of one account are fetched.
 *
 * @param trustedHosts hosts that may resolve to any address: a name, or {@code *.suffix}
 * @param httpsOnly whether an http link is fetched as https from the same host
 * @param bytesPerSecond the least rate, judged once {@code patience} has passed
 * @param patience how long nothing may come, and how long the rate is not judged
 * @param totalTime how long the whole may take
 */
public record FetchRules(
    List<String> trustedHosts,
    boolean httpsOnly,
    long maxBytes,
    long bytesPerSecond,
    Duration patience,
    Duration totalTime) {
  private static final long MAX_BYTES = 64L << 20;
  private static final long SLOWEST = 8 * 1024;

  public FetchRules {
    trustedHosts = List.copyOf(trustedHosts);
  }

  /** The limits as they ship: 64 MB, 8 KB/s, 15 s of patience, 5 minutes. */
  public static FetchRules of(List<String> trustedHosts, boolean httpsOnly) {
    return new FetchRules(
        trustedHosts, httpsOnly, MAX_BYTES, SLOWEST, Duration.ofSeconds(15), Duration.ofMinutes(5));
  }

  /** Whether a host may resolve to any address. */
  boolean trusts(String written) {
    String host = written.toLowerCase(Locale.ROOT);
    return trustedHosts.stream()
        .map(pattern -> pattern.toLowerCase(Locale.ROOT))
        .anyMatch(pattern ->
            pattern.startsWith("*.") ? host.endsWith(pattern.substring(1)) : host.equals(pattern));
  }
}
