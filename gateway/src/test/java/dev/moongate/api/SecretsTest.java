package dev.moongate.api;

import static dev.moongate.testing.DashScopeScripts.delivering;
import static dev.moongate.testing.DashScopeScripts.png;
import static org.assertj.core.api.Assertions.assertThat;

import dev.moongate.provider.ImageProvider.Mode;
import dev.moongate.testing.Log;
import dev.moongate.testing.MoongateHarness;
import dev.moongate.testing.StandInUpstream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Neither the caller's key nor the provider's is found anywhere but where it must be. */
@Timeout(300)
class SecretsTest {
  private static final String UPSTREAM_KEY = "sk-upstream-secret";

  @TempDir private Path home;

  @Test
  void noKeyReachesTheLogTheDiskOrTheOtherSide() throws Exception {
    Log log = Log.ofTheGatewayInFull();
    String key;
    try (log;
        StandInUpstream upstream = delivering(new StandInUpstream(), png(10, 10, 1));
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
    }
    assertThat(log.text()).isNotEmpty().doesNotContain(key, UPSTREAM_KEY);
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
