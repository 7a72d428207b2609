package dev.moongate.api;

import static dev.moongate.testing.DashScopeScripts.ASYNC;
import static dev.moongate.testing.DashScopeScripts.png;
import static dev.moongate.testing.DashScopeScripts.succeeded;
import static dev.moongate.testing.StandInUpstream.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.moongate.provider.ImageProvider.Mode;
import dev.moongate.testing.Await;
import dev.moongate.testing.MoongateHarness;
import dev.moongate.testing.MoongateHarness.Answer;
import dev.moongate.testing.StandInUpstream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The queue in front of an account: its limits hold, over restarts too, and nobody is told 429. */
@Timeout(300)
class QueueTest {
  private static final String BODY = "{\"model\":\"wan2.7-image-pro\",\"prompt\":\"x\"}";

  @TempDir private Path home;
  private final StandInUpstream upstream = new StandInUpstream();
  private final ConcurrentLinkedQueue<Long> submits = new ConcurrentLinkedQueue<>();
  private final AtomicInteger running = new AtomicInteger();
  private final AtomicInteger mostRunning = new AtomicInteger();
  private final AtomicInteger tasks = new AtomicInteger();

  @AfterEach
  void stop() {
    upstream.close();
  }

  @Test
  void twelveAtOnceAreAllServedWithinFivePerSecondAndFiveRunning() throws Exception {
    script();
    List<Answer> answers = new ArrayList<>();
    try (MoongateHarness moongate = MoongateHarness.before(home, upstream.uri(), Mode.ASYNC);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Answer>> waiting = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        waiting.add(threads.submit(() -> moongate.generate(BODY)));
      }
      for (Future<Answer> one : waiting) {
        answers.add(one.get());
      }
    }
    assertThat(answers).allSatisfy(answer -> assertThat(answer.status()).isEqualTo(200));
    assertThat(mostRunning).hasValueLessThanOrEqualTo(5);
    assertAtMostFiveInAnySecond();
  }

  @Test
  void windowHoldsOverARestart() throws Exception {
    script();
    try (MoongateHarness moongate = MoongateHarness.before(home, upstream.uri(), Mode.ASYNC)) {
      startFive(moongate);
    }
    try (MoongateHarness moongate = MoongateHarness.before(home, upstream.uri(), Mode.ASYNC)) {
      assertThat(moongate.generate(BODY).status()).isEqualTo(200);
      Await.until(
          "all have succeeded",
          () -> moongate.rows("SELECT 1 FROM generation WHERE state <> 'SUCCEEDED'").isEmpty());
      assertThat(moongate.rows("SELECT state, cost FROM generation"))
          .hasSize(6)
          .containsOnly("SUCCEEDED|500000");
    }
    assertThat(submits).hasSize(6);
    assertAtMostFiveInAnySecond();
  }

  private void startFive(MoongateHarness moongate) throws Exception {
    for (int i = 0; i < 5; i++) {
      Thread.ofVirtual()
          .start(() -> {
            Answer answer = moongate.generate(BODY);
            assertThat(answer.error()).isEqualTo("503 shutting_down");
          });
    }
    Await.until("five are submitted", () -> submits.size() == 5);
  }

  /** An upstream whose every task has an id of its own and takes three polls. */
  private void script() {
    upstream.respond("/p.png", bytes(200, "image/png", png(10, 10, 1)));
    upstream.respond(
        ASYNC,
        (request, reply) -> {
          submits.add(System.nanoTime());
          mostRunning.accumulateAndGet(running.incrementAndGet(), Math::max);
          String id = "task-" + tasks.incrementAndGet();
          script(id);
          reply.send(
              200,
              Map.of("Content-Type", "application/json"),
              "{\"request_id\":\"r\",\"output\":{\"task_id\":\"%s\",\"task_status\":\"PENDING\"}}"
                  .formatted(id));
        });
  }

  private void script(String id) {
    StandInUpstream.Handler busy =
        StandInUpstream.json(
            200,
            "{\"request_id\":\"r\",\"output\":{\"task_id\":\"%s\",\"task_status\":\"RUNNING\"}}"
                .formatted(id));
    String done = succeeded(List.of(upstream.url("/p.png"))).replace("task-1", id);
    upstream.respond(
        "/api/v1/tasks/" + id,
        busy,
        (request, reply) -> {
          running.decrementAndGet();
          reply.send(200, Map.of("Content-Type", "application/json"), done);
        });
  }

  private void assertAtMostFiveInAnySecond() {
    List<Long> times = new ArrayList<>(submits);
    for (int i = 5; i < times.size(); i++) {
      assertThat(times.get(i) - times.get(i - 5)).isGreaterThanOrEqualTo(1_000_000_000L);
    }
  }
}
