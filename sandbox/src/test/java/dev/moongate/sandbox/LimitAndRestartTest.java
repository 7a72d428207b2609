package dev.moongate.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class LimitAndRestartTest extends SandboxFixture {
  private final SettableClock clock = new SettableClock();

  @Override
  SandboxSettings settings() {
    return SandboxSettings.at(home, clock);
  }

  @Test
  void sixthSubmitInOneSecondIsThrottledWhicheverWayItComes() throws Exception {
    for (int i = 0; i < 5; i++) {
      String refused = Caller.body("sandbox:fail=DataInspectionFailed", "{}");
      assertThat((i % 2 == 0 ? caller.async(refused) : caller.sync(refused)).status())
          .isEqualTo(400);
    }
    var sixth = caller.async(Caller.body("a", "{}"));
    assertThat(sixth.status()).isEqualTo(429);
    assertThat(sixth.at("/code")).isEqualTo("Throttling.RateQuota");
    clock.advance(Duration.ofSeconds(1));
    assertThat(caller.async(Caller.body("a", "{}")).status()).isEqualTo(200);
  }

  @Test
  void sixthTaskAtWorkIsThrottled() throws Exception {
    for (int i = 0; i < 5; i++) {
      assertThat(caller.async(Caller.body("a", "{}")).status()).isEqualTo(200);
    }
    clock.advance(Duration.ofSeconds(1));
    var sixth = caller.async(Caller.body("a", "{}"));
    assertThat(sixth.status()).isEqualTo(429);
    assertThat(sixth.at("/code")).isEqualTo("Throttling.Concurrency");
  }

  @Test
  void taskGoesOnAfterARestartOnTheSamePortAndItsLinkDiesAfterADay() throws Exception {
    String id = caller.async(Caller.body("a", "{\"size\":\"1K\"}")).at("/output/task_id");
    int port = sandbox.port();
    restart(settings());
    assertThat(sandbox.port()).isEqualTo(port);
    assertThat(caller.get("/tasks/" + id).at("/output/task_status")).isEqualTo("PENDING");
    clock.advance(Duration.ofMillis(500));
    assertThat(caller.get("/tasks/" + id).at("/output/task_status")).isEqualTo("RUNNING");
    clock.advance(Duration.ofSeconds(3));
    restart(settings().withLimits(Limits.none()));
    String link = Caller.links(caller.end(id).json()).getFirst();
    restart(settings().withLimits(Limits.none()));
    assertThat(caller.download(link).statusCode()).isEqualTo(200);
    assertThat(caller.download(link, "Range", "bytes=0-7").body()).hasSize(8);
    assertThat(caller.download(link, "Authorization", "Bearer sk-x").statusCode()).isEqualTo(400);
    assertThat(caller.download(link.replace("Expires=", "Expires=9")).statusCode()).isEqualTo(403);
    clock.advance(Duration.ofHours(25));
    assertThat(caller.download(link).statusCode()).isEqualTo(403);
    assertThat(caller.get("/tasks/" + id).at("/output/task_status")).isEqualTo("UNKNOWN");
  }

  @Test
  void tornLastLineOfAKilledSandboxIsLeftOut() throws Exception {
    String id = caller.async(Caller.body("a", "{\"size\":\"1K\"}")).at("/output/task_id");
    sandbox.close();
    for (Path file : List.of(home.resolve("tasks.jsonl"), home.resolve("journal.jsonl"))) {
      Files.writeString(file, Files.readString(file) + "{\"id\":\"half");
    }
    start(settings());
    assertThat(caller.get("/tasks/" + id).at("/output/task_status")).isEqualTo("PENDING");
    caller.async(Caller.body("b", "{}"));
    for (String line : Files.readAllLines(home.resolve("journal.jsonl"))) {
      assertThat(Caller.JSON.readTree(line).has("event")).isTrue();
    }
  }

  @Test
  void closingEndsTheCallsThatWaitAndTheirTasksGoOn() throws Exception {
    var waiting =
        CompletableFuture.supplyAsync(() -> {
          try {
            return caller.sync(Caller.body("a", "{\"size\":\"1K\"}"));
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        });
    Path journal = home.resolve("journal.jsonl");
    while (!Files.readString(journal).contains("submit")) {
      Thread.onSpinWait();
    }
    sandbox.close();
    assertThat(waiting).failsWithin(Duration.ofMinutes(2));
    start(settings());
    clock.advance(Duration.ofMinutes(1));
    restart(settings());
    clock.advance(Duration.ofMinutes(1));
    while (!Files.readString(journal).contains("SUCCEEDED")) {
      caller.get("/tasks/");
      clock.advance(Duration.ofSeconds(1));
    }
  }
}
