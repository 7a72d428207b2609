package dev.moongate.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moongate.SeamedGateway;
import dev.moongate.auth.Key;
import dev.moongate.generation.GenerationRows;
import dev.moongate.provider.ImageProvider.Mode;
import dev.moongate.testing.Await;
import dev.moongate.testing.EmbeddedPostgres;
import dev.moongate.testing.MoongateHarness;
import dev.moongate.testing.MoongateHarness.Answer;
import dev.moongate.testing.Seam;
import dev.moongate.testing.TaskUpstream;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a gateway does between the loss of its database's lock and its end. */
@Timeout(300)
class LostLockTest {
  private static final String BODY = "{\"model\":\"wan2.7-image-pro\",\"prompt\":\"x\"}";

  @TempDir private Path home;
  private final TaskUpstream upstream = new TaskUpstream();
  private final Key key = Key.generate(new SecureRandom());
  private final CountDownLatch lost = new CountDownLatch(1);
  private String database;

  @BeforeEach
  void choosePostgres() {
    database = MoongateHarness.onPostgres(home);
  }

  @AfterEach
  void stop() {
    upstream.close();
  }

  private MoongateHarness start(UnaryOperator<GenerationRows> rows) {
    return MoongateHarness.started(
        home,
        List.of(MoongateHarness.account(upstream.http().uri(), Mode.ASYNC)),
        key,
        settings ->
            SeamedGateway.start(
                settings,
                Clock.systemUTC(),
                rows,
                UnaryOperator.identity(),
                UnaryOperator.identity(),
                _ -> lost.countDown()));
  }

  private void loseTheLock() throws InterruptedException {
    EmbeddedPostgres.takeLockAway(database);
    lost.await();
  }

  private static List<String> states(MoongateHarness moongate) {
    return moongate.rows("SELECT state FROM generation ORDER BY created_at, id");
  }

  @Test
  void nothingIsAdmittedOrSubmittedAndNobodyIsSentHere() throws Exception {
    AtomicInteger rounds = new AtomicInteger();
    upstream.state("RUNNING");
    try (MoongateHarness moongate =
        start(rows ->
            Seam.around(
                GenerationRows.class,
                rows,
                "due",
                (real, _) -> {
                  rounds.incrementAndGet();
                  return real.call();
                }))) {
      for (int i = 0; i < 6; i++) {
        moongate.generate(BODY, "Prefer", "respond-async");
      }
      Await.until("five run", () -> upstream.submits() == 5);
      assertThat(moongate.get("/readyz").status()).isEqualTo(200);
      loseTheLock();
      assertThat(moongate.get("/readyz").status()).isEqualTo(503);
      Answer refused = moongate.generate(BODY);
      assertThat(refused.error()).isEqualTo("503 store_unavailable");
      assertThat(refused.header("Retry-After")).isEqualTo("10");
      upstream.state("SUCCEEDED");
      Await.until(
          "there is room at the provider",
          () -> states(moongate).stream().filter("SUCCEEDED"::equals).count() == 5);
      int before = rounds.get();
      Await.until("the driver has looked again", () -> rounds.get() > before + 2);
      assertThat(states(moongate)).containsOnlyOnce("ADMITTED");
      assertThat(upstream.submits()).isEqualTo(5);
    }
    try (MoongateHarness successor = start(UnaryOperator.identity())) {
      Await.until("the sixth is made", () -> !states(successor).contains("ADMITTED"));
      Await.until("all are home", () -> states(successor).stream().allMatch("SUCCEEDED"::equals));
      assertThat(upstream.submits()).isEqualTo(6);
    }
  }

  @Test
  void whatIsLostBetweenIntentAndSocketIsNotSent() throws Exception {
    try (MoongateHarness moongate =
        start(rows ->
            Seam.around(
                GenerationRows.class,
                rows,
                "intend",
                (real, _) -> {
                  Object written = real.call();
                  loseTheLock();
                  return written;
                }))) {
      moongate.generate(BODY, "Prefer", "respond-async");
      Await.until(
          "it is not sent",
          () -> moongate.rows("SELECT outcome FROM attempt").equals(List.of("NOT_SENT")));
      assertThat(upstream.submits()).isZero();
      assertThat(states(moongate)).containsExactly("ADMITTED");
    }
    try (MoongateHarness successor = start(UnaryOperator.identity())) {
      Await.until("it is made", () -> states(successor).equals(List.of("SUCCEEDED")));
      assertThat(upstream.submits()).isEqualTo(1);
    }
  }
}
