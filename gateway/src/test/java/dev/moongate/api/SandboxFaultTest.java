package dev.moongate.api;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.moongate.testing.MoongateHarness;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Faults that a prompt asks the sandbox for. */
@Timeout(60)
class SandboxFaultTest {
  @TempDir private Path home;

  @ParameterizedTest
  @ValueSource(strings = {"truncated", "reset"})
  void cutDownloadIsTriedAgainAndTheLogSaysSoInFewWords(String fault) {
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    log.start();
    root.addAppender(log);
    try (MoongateHarness moongate = MoongateHarness.sandbox(home)) {
      String prompt = "a gate sandbox:link=" + fault + ":times=1";
      assertThat(
              moongate
                  .generate(
                      "{\"model\":\"wan2.7-image-pro\",\"prompt\":\"%s\",\"size\":\"1K\"}"
                          .formatted(prompt))
                  .status())
          .isEqualTo(200);
    } finally {
      root.detachAppender(log);
    }
    List<ILoggingEvent> told =
        List.copyOf(log.list).stream()
            .filter(event -> event.getLevel().isGreaterOrEqual(Level.WARN))
            .toList();
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
