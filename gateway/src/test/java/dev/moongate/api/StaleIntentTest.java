package dev.moongate.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moongate.generation.GenerationRows;
import dev.moongate.provider.ImageProvider;
import dev.moongate.provider.ImageProvider.Mode;
import dev.moongate.testing.Await;
import dev.moongate.testing.MoongateHarness;
import dev.moongate.testing.Seam;
import dev.moongate.testing.TaskUpstream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is sent late could be sent after it was proven never to have been sent. */
@Timeout(300)
class StaleIntentTest {
  private static final String BODY = "{\"model\":\"wan2.7-image-pro\",\"prompt\":\"x\"}";

  @TempDir private Path home;
  private final TaskUpstream upstream = new TaskUpstream();

  @AfterEach
  void stop() {
    upstream.close();
  }

  private MoongateHarness start(
      UnaryOperator<GenerationRows> rows, UnaryOperator<ImageProvider> provider) {
    return MoongateHarness.seamed(
        home,
        List.of(MoongateHarness.account(upstream.http().uri(), Mode.ASYNC)),
        Clock.systemUTC(),
        rows,
        provider);
  }

  @Test
  void submitThatTheGatewayIsTooLateForIsNotSentHoweverOftenAndGoesBackToTheQueue() {
    AtomicInteger intents = new AtomicInteger();
    try (MoongateHarness moongate =
        start(
            rows ->
                Seam.around(
                    GenerationRows.class,
                    rows,
                    "intend",
                    (real, _) -> {
                      Object written = real.call();
                      if (intents.incrementAndGet() <= 3) {
                        letTheIntentGrowOld();
                      }
                      return written;
                    }),
            UnaryOperator.identity())) {
      assertThat(moongate.generate(BODY).status()).isEqualTo(200);
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

  @Test
  void providerThatTakesTooLongToConnectToCountsAsOneThatCannotBeReached() {
    try (MoongateHarness moongate =
        start(
            UnaryOperator.identity(),
            provider ->
                Seam.around(
                    ImageProvider.class,
                    provider,
                    "submit",
                    (real, _) -> {
                      letTheIntentGrowOld();
                      return real.call();
                    }))) {
      assertThat(moongate.generate(BODY).error()).isEqualTo("502 upstream_unreachable");
      assertThat(moongate.rows("SELECT outcome FROM attempt"))
          // A slow machine may be late itself.
          .hasSizeGreaterThanOrEqualTo(3)
          .containsOnly("NOT_SENT");
      assertThat(upstream.submits()).isZero();
    }
  }

  private static void letTheIntentGrowOld() {
    long begin = System.nanoTime();
    Await.until(
        "the intent is two seconds old",
        () -> System.nanoTime() - begin > Duration.ofSeconds(2).toNanos());
  }
}
