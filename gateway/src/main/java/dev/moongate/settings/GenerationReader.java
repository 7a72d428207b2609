package dev.moongate.settings;

import dev.moongate.generation.GenerationSettings;
import java.time.Duration;

/** Reads how patient the engine is, and how long it keeps what it made. */
final class GenerationReader {
  private GenerationReader() {}

  static GenerationSettings read(Section file) {
    GenerationSettings usual = GenerationSettings.DEFAULTS;
    Duration queueFor =
        file.within("queue-for", Duration.ofSeconds(1), Duration.ofDays(7))
            .orElse(usual.queueFor());
    long minFreeDisk = file.value("min-free-disk", Values::bytes).orElse(usual.minFreeDisk());
    Duration reconcileAfter =
        file.within("reconcile-after", Duration.ofSeconds(1), Duration.ofHours(1))
            .orElse(usual.reconcileAfter());
    Duration keepFor =
        file.within("keep-for", Duration.ofHours(1), Duration.ofDays(3650)).orElse(usual.keepFor());
    return new GenerationSettings(
        queueFor,
        usual.firstPoll(),
        usual.pollEvery(),
        usual.faultRetries(),
        usual.linkLife(),
        usual.longestQueue(),
        minFreeDisk,
        reconcileAfter,
        keepFor);
  }
}
