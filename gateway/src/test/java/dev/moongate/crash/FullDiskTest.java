package dev.moongate.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moongate.crash.DiskScene.Answer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * A disk that is full: the gateway refuses or stops, and never goes on as if written. {@code
 * -Dmoongate.mount=false} takes the way of a machine where nothing may be mounted.
 */
@Timeout(300)
@EnabledOnOs(OS.LINUX)
class FullDiskTest {
  private static final long FLOOR = 3 << 20;
  private static final long STEP = 600_000;
  private static final int MOST_CALLS = 2000;

  @TempDir private Path folder;
  private DiskScene scene;

  @BeforeEach
  void start() throws Exception {
    scene = new DiskScene(folder);
  }

  @AfterEach
  void stop() throws Exception {
    scene.close();
  }

  @Test
  void requestsAreRefusedBeforeAnySubmitWhileLittleIsFreeAndTakenAgainAfterwards()
      throws Exception {
    scene.start(FLOOR);
    assertThat(scene.call().status()).isEqualTo(200);
    Answer refused = fillUntilRefused();
    assertThat(refused.code()).isEqualTo("insufficient_storage");
    assertThat(refused.mayTryAgain()).isTrue();
    assertThat(scene.callAsync().code()).isEqualTo(refused.code());
    assertThat(scene.rows("SELECT id FROM generation")).hasSize(scene.calls() - 2);
    assertThat(scene.submits()).hasSize(scene.calls() - 2);

    scene.disk().free();
    scene.kill();
    scene.start(FLOOR);
    assertThat(scene.call().status()).isEqualTo(200);
    assertThat(scene.wrongs()).isEmpty();
  }

  /** What the first refused call was told. */
  private Answer fillUntilRefused() throws Exception {
    for (long leave = 7 << 20; scene.disk().tryLeave(leave); leave -= STEP) {
      Answer answer = scene.call();
      if (answer.status() != 200) {
        return answer;
      }
      assertThat(leave).as("it is admitted although less is free").isGreaterThan(FLOOR);
    }
    // The disk cannot be filled: then the floor rises.
    scene.kill();
    scene.start(1L << 60);
    return scene.call();
  }

  @Test
  void fullDiskEndsTheProcessAndNothingThatItAcknowledgedIsLost() throws Exception {
    scene.start(DiskScene.NO_FLOOR);
    assertThat(scene.call().status()).isEqualTo(200);
    for (int i = 0; i < 4; i++) {
      assertThat(scene.callAsync().status()).isEqualTo(202);
    }
    scene.disk().fill(scene.process());
    List<Answer> answers = askUntilItDies();
    assertThat(answers).isNotEmpty().noneMatch(Answer::acknowledged);
    assertThat(scene.awaitExit()).isNotZero();

    // What the one before left unpacked is swept when it is ten seconds old; where a slow machine
    // takes as long, that is room enough to start once more.
    if (scene.tryStart(DiskScene.NO_FLOOR)) {
      scene.disk().fill(scene.process());
      askUntilItDies();
    }
    assertThat(scene.awaitExit()).isNotZero();

    scene.disk().free();
    scene.start(DiskScene.NO_FLOOR);
    scene.awaitEnds();
    assertThat(scene.wrongs()).isEmpty();
    System.out.printf(
        "%s: full; %d calls were refused until the process ended itself; of %d calls %d are paid%n",
        scene.disk().getClass().getSimpleName(),
        answers.size(),
        scene.calls(),
        scene.submits().size());
  }

  private List<Answer> askUntilItDies() {
    List<Answer> answers = new ArrayList<>();
    while (scene.process().isAlive() && answers.size() < MOST_CALLS) {
      answers.add(scene.callAsync());
    }
    return answers;
  }

  @Test
  void picturesThatFindNoRoomAreNotChargedAndComeHomeOnceThereIsSome() throws Exception {
    scene.start(DiskScene.NO_FLOOR);
    assertThat(scene.call().status()).isEqualTo(200);
    scene.disk().fillStore();
    for (int i = 0; i < 3; i++) {
      assertThat(scene.callAsync().status()).isEqualTo(202);
    }
    scene.awaitFailedFetches(3);
    assertThat(scene.rows("SELECT amount FROM ledger WHERE kind = 'CHARGE'")).hasSize(1);

    scene.disk().free();
    scene.awaitEnds();
    assertThat(scene.wrongs()).isEmpty();
    assertThat(scene.rows("SELECT amount FROM ledger WHERE kind = 'CHARGE'")).hasSize(4);
    try (var unfinished = Files.list(scene.home().resolve("store").resolve(".tmp"))) {
      assertThat(unfinished).isEmpty();
    }
  }
}
