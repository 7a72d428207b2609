package dev.moongate.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moongate.crash.DiskScene.Answer;
import dev.moongate.testing.FailingSync;
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

/** A disk whose fsync fails: nothing is acknowledged, or charged, that it did not take. */
@Timeout(300)
@EnabledOnOs(OS.LINUX)
class FailingSyncTest {
  private static final int MOST_CALLS = 200;

  @TempDir private Path folder;
  private DiskScene scene;

  @BeforeEach
  void start() throws Exception {
    scene = new DiskScene(folder);
    scene.start(DiskScene.NO_FLOOR);
    assertThat(scene.call().status()).isEqualTo(200);
  }

  @AfterEach
  void stop() throws Exception {
    scene.close();
  }

  @Test
  void databaseThatCannotSyncAcknowledgesNothingAndEndsTheProcess() throws Exception {
    for (int i = 0; i < 4; i++) {
      assertThat(scene.callAsync().status()).isEqualTo(202);
    }
    scene.fail(FailingSync.DATABASE);
    List<Answer> answers = new ArrayList<>();
    while (scene.process().isAlive() && answers.size() < MOST_CALLS) {
      answers.add(scene.callAsync());
    }
    assertThat(answers).isNotEmpty().noneMatch(Answer::acknowledged);
    assertThat(scene.awaitExit()).isNotZero();

    scene.start(DiskScene.NO_FLOOR);
    scene.awaitEnds();
    assertThat(scene.wrongs()).isEmpty();
    System.out.printf(
        "fsync of the database fails: %d calls were refused until the process ended itself; of %d"
            + " calls %d are paid%n",
        answers.size(), scene.calls(), scene.submits().size());
  }

  @Test
  void picturesThatCannotBeSyncedAreNotChargedUntilTheyAre() throws Exception {
    scene.fail(FailingSync.STORE);
    for (int i = 0; i < 3; i++) {
      assertThat(scene.callAsync().status()).isEqualTo(202);
    }
    scene.awaitFailedFetches(3);
    assertThat(scene.rows("SELECT amount FROM ledger WHERE kind = 'CHARGE'")).hasSize(1);
    assertThat(scene.rows("SELECT sha256 FROM image WHERE state = 'STORED'")).hasSize(1);

    scene.kill();
    scene.start(DiskScene.NO_FLOOR);
    scene.awaitEnds();
    assertThat(scene.wrongs()).isEmpty();
    assertThat(scene.rows("SELECT amount FROM ledger WHERE kind = 'CHARGE'")).hasSize(4);
  }
}
