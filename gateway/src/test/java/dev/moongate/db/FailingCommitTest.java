package dev.moongate.db;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moongate.error.GatewayException;
import dev.moongate.testing.FailingSync;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
@EnabledOnOs(OS.LINUX)
class FailingCommitTest {
  @TempDir Path home;

  /** A process of its own, because a failing fsync cannot be taken back. */
  static final class Child {
    public static void main(String[] args) throws IOException {
      Database database =
          Database.open(Path.of(args[0]), () -> System.out.println("would end the process"));
      write(database, "before");
      FailingSync.DATABASE.begin();
      write(database, "during");
      write(database, "after");
      Runtime.getRuntime().halt(0);
    }

    private static void write(Database database, String name) {
      try {
        database.write(
            sql -> sql.update("INSERT INTO setting (name, value) VALUES (?, ?)", name, name));
        System.out.println(name + " written");
      } catch (GatewayException e) {
        System.out.println(name + " " + e.code());
      }
    }
  }

  @Test
  void nobodyIsToldThatNothingWasWrittenWhenTheCommitCouldNotBeSynced() throws Exception {
    Path file = home.resolve("moongate.db");
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Child.class.getName(),
                file.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    List<String> lines = child.inputReader().lines().toList();
    assertThat(child.waitFor(120, TimeUnit.SECONDS)).isTrue();
    assertThat(lines)
        .contains("before written", "during OUTCOME_UNKNOWN", "after STORE_UNAVAILABLE")
        .contains("would end the process");

    try (Database database = Database.open(file, () -> {})) {
      List<String> names =
          database.read(sql -> sql.list("SELECT name FROM setting", row -> row.text("name")));
      // "during" may be there or not: that is what nobody knew.
      assertThat(names).contains("before").doesNotContain("after");
    }
  }
}
