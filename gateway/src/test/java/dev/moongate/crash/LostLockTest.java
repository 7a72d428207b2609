package dev.moongate.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moongate.testing.Await;
import dev.moongate.testing.EmbeddedPostgres;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A gateway that is no longer the one of its database makes way. */
@Timeout(300)
class LostLockTest {
  @TempDir private Path folder;

  @Test
  void processThatLosesTheLockEndsItselfAndItsSuccessorGoesOn() throws Exception {
    String database = EmbeddedPostgres.newDatabase();
    try (Scene scene = new Scene(folder, database);
        ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      scene.startGateway();
      for (int i = 0; i < 8; i++) {
        clients.execute(() -> scene.call(false));
      }
      Await.until("something runs", () -> !scene.rows("SELECT task FROM attempt").isEmpty());
      EmbeddedPostgres.takeLockAway(database);
      scene.awaitDeath();
      assertThat(scene.exitCode()).isEqualTo(1);
      scene.startGateway();
      scene.awaitEnds();
      assertThat(scene.wrongs()).isEmpty();
    }
  }
}
