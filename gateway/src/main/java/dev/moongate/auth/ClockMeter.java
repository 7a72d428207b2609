package dev.moongate.auth;

import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** The injected clock for buckets. */
public record ClockMeter(InstantSource clock) implements TimeMeter {
  @Override
  public long currentTimeNanos() {
    return Duration.between(Instant.EPOCH, clock.instant()).toNanos();
  }

  @Override
  public boolean isWallClockBased() {
    return true;
  }
}
