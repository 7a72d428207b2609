package dev.moongate.api;

import static dev.moongate.testing.DashScopeScripts.delivering;
import static dev.moongate.testing.DashScopeScripts.png;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.moongate.provider.ImageProvider.Mode;
import dev.moongate.testing.MoongateHarness;
import dev.moongate.testing.StandInUpstream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Neither the caller's key nor the provider's is found anywhere but where it must be. */
@Timeout(120)
class SecretsTest {
  private static final String UPSTREAM_KEY = "sk-upstream-secret";

  @TempDir private Path home;

  @Test
  void noKeyReachesTheLogTheDiskOrTheOtherSide() throws Exception {
    Logger ours = (Logger) LoggerFactory.getLogger("dev.moongate");
    Level before = ours.getLevel();
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.start();
    ours.setLevel(Level.TRACE);
    ours.addAppender(log);
    String key;
    try (StandInUpstream upstream = delivering(new StandInUpstream(), png(10, 10, 1));
        MoongateHarness moongate = MoongateHarness.before(home, upstream.uri(), Mode.ASYNC)) {
      key = moongate.key().text();
      assertThat(moongate.generate("{\"model\":\"wan2.7-image-pro\",\"prompt\":\"x\"}").status())
          .isEqualTo(200);
      moongate.generate("{\"model\":\"wan2.7-image-pro\"}");
      assertThat(upstream.received())
          .isNotEmpty()
          .allSatisfy(
              request -> assertThat(request.head() + request.bodyText()).doesNotContain(key));
      assertThat(upstream.received("/picture-0.png"))
          .allSatisfy(request -> assertThat(request.header("Authorization")).isNull());
    } finally {
      ours.detachAppender(log);
      ours.setLevel(before);
    }
    List<String> lines =
        log.list.stream().map(e -> e.getFormattedMessage() + e.getKeyValuePairs()).toList();
    assertThat(lines).isNotEmpty();
    assertThat(String.join("\n", lines)).doesNotContain(key).doesNotContain(UPSTREAM_KEY);
    try (Stream<Path> files = Files.walk(home)) {
      files
          .filter(Files::isRegularFile)
          .forEach(file -> assertThat(text(file)).doesNotContain(key).doesNotContain(UPSTREAM_KEY));
    }
  }

  private static String text(Path file) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
