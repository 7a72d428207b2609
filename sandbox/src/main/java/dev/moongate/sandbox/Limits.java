package dev.moongate.sandbox;

/**
 * What one account may do: submits in any one second, tasks at work at a time, polls in any one
 * second. The whole sandbox is one account, whichever key is used.
 */
public record Limits(int submitsPerSecond, int running, int pollsPerSecond) {
  /** The vendor's limits for wan2.7 (rate limit page, seen 2026-11). */
  public static Limits vendor() {
    return new Limits(5, 5, 20);
  }

  /** No limit worth the name, for tests and measurements. */
  public static Limits none() {
    return new Limits(Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE);
  }
}
