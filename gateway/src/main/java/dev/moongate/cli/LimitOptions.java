package dev.moongate.cli;

import dev.moongate.auth.CallerLimits;
import dev.moongate.auth.KeyTerms;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Weight and limits of keys and projects, as options; what is not given stays as it was. */
final class LimitOptions {
  @Option(
      names = "--weight",
      paramLabel = "N",
      description = "share of the turns in a queue, 1 to 1000 (1)")
  private @Nullable String weight;

  @Option(
      names = "--requests-per-minute",
      paramLabel = "N",
      description = "generations asked for a minute, or none for no limit")
  private @Nullable String requestsPerMinute;

  @Option(
      names = "--images-per-minute",
      paramLabel = "N",
      description = "pictures asked for a minute, or none")
  private @Nullable String imagesPerMinute;

  @Option(
      names = "--pixels-per-day",
      paramLabel = "N",
      description = "pixels asked for in a day (UTC), or none")
  private @Nullable String pixelsPerDay;

  @Option(
      names = "--concurrent",
      paramLabel = "N",
      description = "generations at once that have not ended, or none")
  private @Nullable String concurrent;

  int weight(int before) {
    Long given = Given.number("--weight", weight, (long) before, 1, KeyTerms.HEAVIEST);
    return Math.toIntExact(Objects.requireNonNullElse(given, 1L));
  }

  CallerLimits limits(CallerLimits before) {
    long most = CallerLimits.HIGHEST;
    return new CallerLimits(
        Given.number(
            "--requests-per-minute", requestsPerMinute, before.requestsPerMinute(), 0, most),
        Given.number("--images-per-minute", imagesPerMinute, before.imagesPerMinute(), 0, most),
        Given.number(
            "--pixels-per-day", pixelsPerDay, before.pixelsPerDay(), 0, CallerLimits.MOST_PIXELS),
        Given.number("--concurrent", concurrent, before.concurrent(), 0, most));
  }
}
