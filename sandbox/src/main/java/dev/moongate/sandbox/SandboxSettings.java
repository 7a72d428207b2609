package dev.moongate.sandbox;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;

/**
 * How a sandbox runs: where it listens (port 0 takes the port it had before, or any), where it
 * keeps its tasks and pictures, how long a picture takes, and what it allows.
 */
public record SandboxSettings(
    String host, int port, Path home, Duration perPicture, Clock clock, Limits limits) {

  /** Loopback, the port of last time, two seconds a picture, the vendor's limits. */
  public static SandboxSettings at(Path home, Clock clock) {
    return new SandboxSettings("127.0.0.1", 0, home, Duration.ofSeconds(2), clock, Limits.vendor());
  }

  public SandboxSettings withPort(int newPort) {
    return new SandboxSettings(host, newPort, home, perPicture, clock, limits);
  }

  public SandboxSettings withPerPicture(Duration duration) {
    return new SandboxSettings(host, port, home, duration, clock, limits);
  }

  public SandboxSettings withLimits(Limits newLimits) {
    return new SandboxSettings(host, port, home, perPicture, clock, newLimits);
  }
}
