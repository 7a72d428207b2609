package dev.moongate.db;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A process killed while it commits loses nothing that it had acknowledged. */
@Timeout(300)
class KilledWriterTest {
  @TempDir Path home;

  /** The file of SQLite or the URL of PostgreSQL. */
  String database() {
    return home.resolve("moongate.db").toString();
  }

  /** The process to kill: 16 threads write rows and print each name once it is acknowledged. */
  static final class Child {
    public static void main(String[] args) {
      Database database = open(args[0]);
      AtomicLong next = new AtomicLong(Long.parseLong(args[1]));
      for (int i = 0; i < 16; i++) {
        Thread.ofPlatform()
            .start(() -> {
              while (true) {
                String name = "row-" + next.incrementAndGet();
                database.write(sql ->
                    sql.update("INSERT INTO setting (name, value) VALUES (?, ?)", name, name));
                System.out.println(name);
              }
            });
      }
    }
  }

  @Test
  void noAcknowledgedCommitIsLostWhenTheProcessIsKilled() throws Exception {
    killOnce(500, 0, new HashSet<>());
  }

  @Tag("long")
  @RepeatedTest(20)
  @Timeout(600)
  void noAcknowledgedCommitIsLostHoweverOftenTheProcessIsKilled() throws Exception {
    Set<String> acknowledged = new HashSet<>();
    for (int round = 0; round < 5; round++) {
      int rows = RandomGenerator.getDefault().nextInt(1, 2000);
      killOnce(rows, round * 1_000_000L, acknowledged);
    }
  }

  private void killOnce(int rows, long from, Set<String> acknowledged)
      throws IOException, InterruptedException {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Child.class.getName(),
                database(),
                Long.toString(from))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (BufferedReader out = child.inputReader()) {
      for (int i = 0; i < rows; i++) {
        acknowledged.add(out.readLine());
      }
      // Not Process.destroyForcibly, which also closes the pipe that we still read.
      child.toHandle().destroyForcibly();
      // What it printed before it died was acknowledged too; the last line may be cut.
      List<String> rest = out.lines().toList();
      rest.stream().limit(Math.max(0, rest.size() - 1)).forEach(acknowledged::add);
    } finally {
      child.destroyForcibly();
    }
    assertThat(child.waitFor(120, TimeUnit.SECONDS)).isTrue();

    try (Database database = open(database())) {
      List<String> there =
          database.read(sql -> sql.list("SELECT name FROM setting", row -> row.text("name")));
      assertThat(acknowledged).hasSizeGreaterThanOrEqualTo(rows).doesNotContainNull();
      assertThat(new HashSet<>(there)).containsAll(acknowledged);
      requireWhole(database);
    }
  }

  void requireWhole(Database database) {
    assertThat(
            database.<String>read(sql ->
                sql.first("PRAGMA integrity_check", row -> row.text("integrity_check"))
                    .orElseThrow()))
        .isEqualTo("ok");
  }

  private static Database open(String where) {
    return where.startsWith("jdbc:")
        ? PostgresDatabase.open(where, () -> {})
        : Database.open(Path.of(where), () -> {});
  }
}
