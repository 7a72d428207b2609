package dev.moongate.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moongate.SeamedGateway;
import dev.moongate.auth.Key;
import dev.moongate.provider.ImageProvider;
import dev.moongate.provider.ImageProvider.Mode;
import dev.moongate.testing.Await;
import dev.moongate.testing.MoongateHarness;
import dev.moongate.testing.Seam;
import dev.moongate.testing.TaskUpstream;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is sent late could be sent after it was proven never to have been sent. */
@Timeout(300)
class StaleIntentTest {
  @TempDir private Path home;

  @Test
  void submitThatComesTooLongAfterItsIntentIsNotSentHoweverOftenAndGoesBackToTheQueue() {
    AtomicInteger submits = new AtomicInteger();
    try (TaskUpstream upstream = new TaskUpstream();
        MoongateHarness moongate =
            MoongateHarness.started(
                home,
                List.of(MoongateHarness.account(upstream.http().uri(), Mode.ASYNC)),
                Key.generate(new SecureRandom()),
                settings ->
                    SeamedGateway.start(
                        settings,
                        Clock.systemUTC(),
                        UnaryOperator.identity(),
                        UnaryOperator.identity(),
                        provider -> slowAtFirst(provider, submits)))) {
      assertThat(moongate.generate("{\"model\":\"wan2.7-image-pro\",\"prompt\":\"x\"}").status())
          .isEqualTo(200);
      assertThat(moongate.rows("SELECT outcome FROM attempt ORDER BY no"))
          // A slow machine may be late once more.
          .hasSizeGreaterThanOrEqualTo(4)
          .startsWith("NOT_SENT", "NOT_SENT", "NOT_SENT")
          .containsOnlyOnce("SUCCEEDED")
          .endsWith("SUCCEEDED");
      assertThat(upstream.submits()).isEqualTo(1);
      assertThat(moongate.rows("SELECT DISTINCT reason FROM attempt WHERE outcome = 'NOT_SENT'"))
          .containsExactly("GatewayWasLate");
    }
  }

  /** As a process that is frozen, or connects slowly, the first three times. */
  private static ImageProvider slowAtFirst(ImageProvider provider, AtomicInteger submits) {
    return Seam.around(
        ImageProvider.class,
        provider,
        "submit",
        (real, _) -> {
          if (submits.incrementAndGet() <= 3) {
            long begin = System.nanoTime();
            Await.until(
                "the intent is two seconds old",
                () -> System.nanoTime() - begin > Duration.ofSeconds(2).toNanos());
          }
          return real.call();
        });
  }
}
