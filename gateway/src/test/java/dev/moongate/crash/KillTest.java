package dev.moongate.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.moongate.testing.EmbeddedPostgres;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A gateway killed anywhere loses no paid picture, pays for none twice, and settles everything at
 * its next start. {@code -Dmoongate.kills} says how often at each point, {@code
 * -Dmoongate.random-kills} how often at a random moment under load.
 */
@Tag("long")
class KillTest {
  private static final int KILLS = Integer.getInteger("moongate.kills", 1);
  private static final int RANDOM_KILLS = Integer.getInteger("moongate.random-kills", 5);

  private static final int BUDGET = Integer.getInteger("moongate.budget", 25);

  @TempDir private Path folder;

  /** Where the rows are. */
  enum Rows {
    SQLITE,
    POSTGRESQL;

    private @Nullable String url() {
      return this == SQLITE ? null : EmbeddedPostgres.newDatabase();
    }
  }

  /** The databases to try; {@code -Dmoongate.rows} names one to try that alone. */
  static List<Rows> databases() {
    String one = System.getProperty("moongate.rows");
    return one == null ? List.of(Rows.values()) : List.of(Rows.valueOf(one));
  }

  static List<Arguments> pointsOnBoth() {
    return databases().stream()
        .flatMap(rows -> Arrays.stream(KillPoint.values()).map(point -> arguments(rows, point)))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("pointsOnBoth")
  @Timeout(value = 90, unit = TimeUnit.MINUTES)
  void killedAtAPoint(Rows rows, KillPoint point) throws Exception {
    try (Scene scene = new Scene(folder, rows.url())) {
      scene.startGateway();
      scene.firstOfAll();
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
          "%s %s: %d kills, %d calls, %d generations; 0 lost, 0 paid twice, 0 unsettled%n",
          rows, point, KILLS, scene.calls(), scene.rows("SELECT id FROM generation").size());
    }
  }

  @ParameterizedTest
  @MethodSource("databases")
  @Timeout(value = 90, unit = TimeUnit.MINUTES)
  void killedAtRandomMomentsUnderLoad(Rows rows) throws Exception {
    try (Scene scene = new Scene(folder, rows.url());
        ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      scene.startGateway();
      scene.firstOfAll();
      scene.kill();
      scene.awaitDeath();
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
          "%s random moments: %d kills, %d calls, %d answered with 200, %d generations;"
              + " 0 lost, 0 paid twice, 0 unsettled%n",
          rows,
          RANDOM_KILLS,
          scene.calls(),
          scene.answeredWell(),
          scene.rows("SELECT id FROM generation").size());
    }
  }

  /** The gateway's deaths are not held against what it was submitting. */
  @ParameterizedTest
  @MethodSource("databases")
  @Timeout(value = 10, unit = TimeUnit.MINUTES)
  void killedFourTimesOverTheSameSubmitItSendsItInTheEnd(Rows rows) throws Exception {
    try (Scene scene = new Scene(folder, rows.url())) {
      scene.startGateway();
      scene.firstOfAll();
      scene.awaitEnds();
      scene.arm(KillPoint.K5_AFTER_INTENT);
      scene.call(false);
      for (int i = 0; i < 4; i++) {
        scene.awaitDeath();
        scene.startGateway();
        if (i < 3) {
          scene.arm(KillPoint.K5_AFTER_INTENT);
        }
      }
      scene.awaitEnds();
      assertThat(scene.rows("SELECT outcome FROM attempt WHERE no < 5 AND outcome = 'DISPROVED'"))
          .hasSize(4);
      assertThat(scene.wrongs()).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("databases")
  @Timeout(value = 90, unit = TimeUnit.MINUTES)
  void killedAgainAndAgainItSpendsItsBudgetToThePictureAndNoMore(Rows rows) throws Exception {
    try (Scene scene = new Scene(folder, rows.url());
        ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      scene.startGateway();
      scene.budget(BUDGET);
      int kills = 0;
      while (scene.overBudget() == 0) {
        for (int client = 0; client < 12; client++) {
          clients.execute(() -> scene.call(false));
        }
        LockSupport.parkNanos(RandomGenerator.getDefault().nextLong(1_500_000_000L));
        scene.kill();
        scene.awaitDeath();
        scene.startGateway();
        kills++;
      }
      scene.awaitEnds();
      // What was admitted and refused by turns may have left a place or two.
      for (int before = scene.overBudget(); scene.overBudget() == before; ) {
        scene.call(false);
      }
      assertThat(scene.wrongs()).isEmpty();
      assertThat(scene.rows("SELECT generation_id FROM ledger WHERE kind = 'CHARGE'"))
          .hasSize(BUDGET);
      System.out.printf(
          "%s budget: %d pictures allowed, %d calls, %d kills, %d charged%n",
          rows, BUDGET, scene.calls(), kills, BUDGET);
    }
  }
}
