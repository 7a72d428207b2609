package dev.moongate.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A gateway killed anywhere loses no paid picture, pays for none twice, and settles everything at
 * its next start. {@code -Dmoongate.kills} says how often at each point, {@code
 * -Dmoongate.random-kills} how often at a random moment under load.
 */
@Tag("long")
class KillTest {
  private static final int KILLS = Integer.getInteger("moongate.kills", 1);
  private static final int RANDOM_KILLS = Integer.getInteger("moongate.random-kills", 5);

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource
  @Timeout(value = 60, unit = TimeUnit.MINUTES)
  void killedAtAPoint(KillPoint point) throws Exception {
    try (Scene scene = new Scene(folder)) {
      scene.startGateway();
      for (int i = 0; i < KILLS; i++) {
        scene.awaitEnds();
        scene.arm(point);
        scene.call(point == KillPoint.K18_MID_ANSWER);
        scene.awaitDeath();
        scene.startGateway();
      }
      scene.awaitEnds();
      assertThat(scene.wrongs()).isEmpty();
      System.out.printf(
          "%s: %d kills, %d calls, %d generations, nothing lost, nothing paid twice%n",
          point, KILLS, scene.calls(), scene.rows("SELECT id FROM generation").size());
    }
  }

  @Test
  @Timeout(value = 60, unit = TimeUnit.MINUTES)
  void killedAtRandomMomentsUnderLoad() throws Exception {
    try (Scene scene = new Scene(folder);
        ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < RANDOM_KILLS; i++) {
        scene.startGateway();
        for (int client = 0; client < 4; client++) {
          clients.execute(() -> scene.call(false));
        }
        LockSupport.parkNanos(RandomGenerator.getDefault().nextLong(2_500_000_000L));
        scene.kill();
        scene.awaitDeath();
      }
      scene.startGateway();
      scene.awaitEnds();
      assertThat(scene.wrongs()).isEmpty();
      System.out.printf(
          "random moments: %d kills, %d calls, %d answered with 200, %d generations,"
              + " nothing lost, nothing paid twice%n",
          RANDOM_KILLS,
          scene.calls(),
          scene.answeredWell(),
          scene.rows("SELECT id FROM generation").size());
    }
  }
}
