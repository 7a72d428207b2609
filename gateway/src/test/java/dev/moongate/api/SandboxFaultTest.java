package dev.moongate.api;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import dev.moongate.testing.Log;
import dev.moongate.testing.MoongateHarness;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Faults that a prompt asks the sandbox for. */
@Timeout(300)
class SandboxFaultTest {
  @TempDir private Path home;

  @ParameterizedTest
  @ValueSource(strings = {"truncated", "reset"})
  void cutDownloadIsTriedAgainAndTheLogSaysSoInFewWords(String fault) {
    List<ILoggingEvent> told;
    try (Log log = Log.ofAll();
        MoongateHarness moongate = MoongateHarness.sandbox(home)) {
      String prompt = "a gate sandbox:link=" + fault + ":times=1";
      assertThat(
              moongate
                  .generate(
                      "{\"model\":\"wan2.7-image-pro\",\"prompt\":\"%s\",\"size\":\"1K\"}"
                          .formatted(prompt))
                  .status())
          .isEqualTo(200);
      told =
          log.events().stream()
              .filter(event -> event.getLevel().isGreaterOrEqual(Level.WARN))
              // That a slow machine sent it too late is told as well.
              .filter(event -> !event.getLoggerName().endsWith("Submitter"))
              .toList();
    }
    assertThat(told)
        .singleElement()
        .satisfies(event -> {
          assertThat(event.getLoggerName()).endsWith("Collector");
          assertThat(event.getFormattedMessage())
              .endsWith(": the connection ended")
              .hasSizeLessThan(120);
        });
  }
}
