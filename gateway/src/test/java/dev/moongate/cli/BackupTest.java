package dev.moongate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moongate.provider.ImageProvider.Mode;
import dev.moongate.settings.MoongateSettings.AccountSettings;
import dev.moongate.testing.Await;
import dev.moongate.testing.MoongateHarness;
import dev.moongate.testing.TaskUpstream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class BackupTest {
  private static final String BODY = "{\"model\":\"wan2.7-image-pro\",\"prompt\":\"x\"}";

  @TempDir private Path home;
  @TempDir private Path folder;
  private final TaskUpstream upstream = new TaskUpstream();
  private String out;
  private String err;

  @AfterEach
  void stop() {
    upstream.close();
  }

  private int run(String... arguments) {
    StringWriter printed = new StringWriter();
    StringWriter complained = new StringWriter();
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--home", home.toString()));
    int exit =
        Moongate.commandLine()
            .setOut(new PrintWriter(printed, true))
            .setErr(new PrintWriter(complained, true))
            .execute(all.toArray(String[]::new));
    out = printed.toString();
    err = complained.toString();
    return exit;
  }

  private int backup(Path file) {
    return run("backup", file.toString());
  }

  private List<AccountSettings> accounts() {
    return List.of(MoongateHarness.account(upstream.http().uri(), Mode.ASYNC));
  }

  private MoongateHarness start() {
    return MoongateHarness.start(home, accounts(), MoongateHarness.settings());
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void runningGatewaysDatabaseIsCopiedWholeAndForItsOwnerAlone() throws IOException {
    Path file = folder.resolve("copy.db");
    try (MoongateHarness moongate = start()) {
      assertThat(moongate.generate(BODY).status()).isEqualTo(200);
      assertThat(backup(file)).as(err).isZero();
      assertThat(moongate.generate(BODY).status()).isEqualTo(200);
    }
    assertThat(files()).containsExactly("copy.db");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(out)
        .startsWith(file + ": %,d bytes, 1 generations, checked".formatted(Files.size(file)))
        .contains("Pictures are not in it.", "cp -R " + home.resolve("store"))
        .contains("cp %s NEW/moongate.db".formatted(file), "serve --home NEW --restored");
  }

  @Test
  void gatewayStartsFromACopyThatWasMadeUnderLoad() throws Exception {
    upstream.state("RUNNING");
    try (MoongateHarness moongate = start();
        var clients = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 30; i++) {
        clients.execute(() -> moongate.generate(BODY, "Prefer", "respond-async"));
      }
      Await.until("some run", () -> upstream.submits() > 2);
      assertThat(backup(folder.resolve("moongate.db"))).as(err).isZero();
    }
    upstream.state("SUCCEEDED");
    try (MoongateHarness moongate = MoongateHarness.restored(folder, accounts())) {
      Await.until(
          "all have ended",
          () ->
              moongate
                  .rows("SELECT id FROM generation WHERE state NOT IN ('SUCCEEDED', 'UNRESOLVED')")
                  .isEmpty());
      assertThat(moongate.rows("SELECT id FROM generation")).isNotEmpty();
    }
    home = folder;
    assertThat(run("audit")).as(out).isZero();
  }

  @Test
  void fileThatIsThereIsNotReplaced() throws IOException {
    start().close();
    Path file = Files.writeString(folder.resolve("copy.db"), "mine");
    assertThat(backup(file)).isEqualTo(1);
    assertThat(err).isEqualTo(file + " is there already, and a backup replaces nothing\n");
    assertThat(file).hasContent("mine");
  }

  @Test
  void folderThatIsNotThereIsNotMade() {
    start().close();
    assertThat(backup(folder.resolve("deep/copy.db"))).isEqualTo(1);
    assertThat(err).isEqualTo("There is no folder " + folder.resolve("deep") + "\n");
    assertThat(folder.resolve("deep")).doesNotExist();
  }

  @Test
  void homeWithoutADatabaseHasNothingToCopy() throws IOException {
    assertThat(backup(folder.resolve("copy.db"))).isEqualTo(1);
    assertThat(err).startsWith("Nothing was copied: there is no database " + home);
    assertThat(files()).isEmpty();
    assertThat(home.resolve("moongate.db")).doesNotExist();
  }

  @Test
  void brokenDatabaseMakesNoCopy() throws IOException {
    Files.writeString(
        home.resolve("moongate.db"), "not a database, and long enough for a header ".repeat(50));
    assertThat(backup(folder.resolve("copy.db"))).isEqualTo(1);
    assertThat(err).startsWith("Nothing was copied: the database cannot be copied: ");
    assertThat(files()).isEmpty();
  }

  @Test
  void postgresqlIsLeftToItsOwnTool() throws IOException {
    Path config =
        Files.writeString(
            folder.resolve("moongate.yaml"),
            "database: jdbc:postgresql://me:hunter2@127.0.0.1:1/x\n");
    assertThat(run("backup", "--config", config.toString(), folder.resolve("copy.db").toString()))
        .isEqualTo(1);
    assertThat(err).contains("pg_dump", home.resolve("store").toString()).doesNotContain("hunter2");
    assertThat(folder.resolve("copy.db")).doesNotExist();
  }
}
