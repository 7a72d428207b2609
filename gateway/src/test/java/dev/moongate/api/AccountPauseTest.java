package dev.moongate.api;

import static dev.moongate.testing.DashScopeScripts.ASYNC;
import static dev.moongate.testing.DashScopeScripts.accepted;
import static dev.moongate.testing.DashScopeScripts.delivering;
import static dev.moongate.testing.DashScopeScripts.error;
import static dev.moongate.testing.DashScopeScripts.png;
import static dev.moongate.testing.StandInUpstream.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.moongate.provider.ImageProvider.Mode;
import dev.moongate.testing.MoongateHarness;
import dev.moongate.testing.StandInUpstream;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three refusals of an account in a row pause it for half a minute; the next request then tries
 * whether it is well.
 */
@Timeout(300)
class AccountPauseTest {
  private static final String BODY = "{\"model\":\"wan2.7-image-pro\",\"prompt\":\"x\"}";

  @TempDir private Path home;

  @Test
  void requestDuringThePauseWaitsForItAndIsServedWhenTheAccountIsWellAgain() {
    try (StandInUpstream upstream = delivering(new StandInUpstream(), png(10, 10, 1));
        MoongateHarness moongate = MoongateHarness.before(home, upstream.uri(), Mode.ASYNC)) {
      StandInUpstream.Handler no = json(401, error("InvalidApiKey", "Invalid API-key provided."));
      upstream.respond(ASYNC, no, no, no, accepted());
      long begun = 0;
      for (int i = 0; i < 3; i++) {
        // Before the last refusal: the pause may have begun a while ago when its answer is here.
        begun = System.nanoTime();
        assertThat(moongate.generate(BODY).error()).isEqualTo("502 upstream_credentials");
      }
      assertThat(moongate.generate(BODY).status()).isEqualTo(200);
      assertThat((System.nanoTime() - begun) / 1_000_000_000L).isGreaterThanOrEqualTo(29);
      assertThat(upstream.received(ASYNC)).hasSize(4);
    }
  }
}
