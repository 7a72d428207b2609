package dev.moongate.api;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import dev.moongate.generation.GenerationRows;
import dev.moongate.provider.ImageProvider.Mode;
import dev.moongate.testing.Await;
import dev.moongate.testing.Log;
import dev.moongate.testing.MoongateHarness;
import dev.moongate.testing.Seam;
import dev.moongate.testing.TaskUpstream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The end of the gateway finds nobody at work who then meets closed doors. */
@Timeout(300)
class QuietCloseTest {
  private static final String BODY = "{\"model\":\"wan2.7-image\",\"prompt\":\"x\"}";

  @TempDir private Path home;
  private final TaskUpstream upstream = new TaskUpstream();
  private final Log log = Log.ofAll();
  private final CountDownLatch looking = new CountDownLatch(1);
  private final CountDownLatch released = new CountDownLatch(1);
  private volatile boolean armed;

  @AfterEach
  void stop() {
    log.close();
    upstream.close();
  }

  private GenerationRows holding(GenerationRows rows, String method) {
    return Seam.around(
        GenerationRows.class,
        rows,
        method,
        (real, _) -> {
          if (armed) {
            looking.countDown();
            released.await();
          }
          return real.call();
        });
  }

  @ParameterizedTest
  @CsvSource({"due, SUBMITTED", "nextQueued, ADMITTED"})
  void whoLooksForWorkMeanwhileIsWaitedForAndHandsOutNone(String look, String state)
      throws InterruptedException {
    upstream.state("RUNNING");
    MoongateHarness moongate =
        MoongateHarness.seamed(
            home,
            List.of(MoongateHarness.account(upstream.http().uri(), Mode.ASYNC)),
            Clock.systemUTC(),
            rows -> holding(rows, look),
            UnaryOperator.identity());
    armed = state.equals("ADMITTED");
    moongate.generate(BODY, "Prefer", "respond-async");
    Await.until(
        "it is " + state,
        () -> moongate.rows("SELECT state FROM generation").equals(List.of(state)));
    armed = true;
    looking.await();
    CompletableFuture<Void> closed = CompletableFuture.runAsync(moongate::close);
    assertThat(closed).failsWithin(Duration.ofMillis(500));
    released.countDown();
    closed.join();
    assertThat(log.events())
        .filteredOn(event -> event.getLevel().isGreaterOrEqual(Level.WARN))
        // That a slow machine sent it too late is told as well.
        .filteredOn(event -> !event.getLoggerName().endsWith("Submitter"))
        .isEmpty();
    assertThat(moongate.rows("SELECT state FROM generation")).containsExactly(state);
  }
}
