package dev.moongate.api;

import static dev.moongate.testing.DashScopeScripts.ASYNC;
import static dev.moongate.testing.DashScopeScripts.accepted;
import static dev.moongate.testing.DashScopeScripts.delivering;
import static dev.moongate.testing.DashScopeScripts.error;
import static dev.moongate.testing.DashScopeScripts.png;
import static dev.moongate.testing.StandInUpstream.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.moongate.generation.GenerationRows;
import dev.moongate.provider.ImageProvider.Mode;
import dev.moongate.testing.Await;
import dev.moongate.testing.MoongateHarness;
import dev.moongate.testing.Seam;
import dev.moongate.testing.SettableClock;
import dev.moongate.testing.StandInUpstream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
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

  @Test
  void whenTheProbeIsRefusedTooAllThatWaitAreToldAFewAtATime() {
    SettableClock clock = new SettableClock();
    AtomicInteger most = new AtomicInteger();
    try (StandInUpstream upstream = new StandInUpstream();
        MoongateHarness moongate =
            MoongateHarness.seamed(
                home,
                List.of(MoongateHarness.account(upstream.uri(), Mode.ASYNC)),
                clock,
                rows ->
                    Seam.around(
                        GenerationRows.class,
                        rows,
                        "allQueued",
                        (real, arguments) -> {
                          List<?> found = (List<?>) real.call();
                          most.accumulateAndGet(
                              Math.max(found.size(), (int) arguments[1]), Math::max);
                          return found;
                        }),
                UnaryOperator.identity())) {
      upstream.respond(ASYNC, json(401, error("InvalidApiKey", "Invalid API-key provided.")));
      for (int i = 0; i < 3; i++) {
        assertThat(moongate.generate(BODY).error()).isEqualTo("502 upstream_credentials");
      }
      for (int i = 0; i < 70; i++) {
        moongate.generate(BODY, "Prefer", "respond-async");
      }
      clock.advance(Duration.ofSeconds(30));
      Await.until(
          "all have ended",
          () ->
              moongate
                  .rows("SELECT COUNT(*) FROM generation WHERE error_code = 'UPSTREAM_CREDENTIALS'")
                  .equals(List.of("73")));
      assertThat(upstream.received(ASYNC)).hasSize(4);
      assertThat(most).hasValueLessThan(70).hasPositiveValue();
    }
  }
}
