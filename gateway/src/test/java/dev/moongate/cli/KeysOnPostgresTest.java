package dev.moongate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moongate.db.PostgresDatabase;
import dev.moongate.testing.EmbeddedPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeysOnPostgresTest {
  @TempDir private Path folder;

  @Test
  void keysGoWhereTheGatewayLooksForThemWhileItRuns() throws Exception {
    String url = EmbeddedPostgres.newDatabase();
    Path config =
        Files.writeString(
            folder.resolve("moongate.yaml"),
            """
            database: %s
            accounts: [{ name: a, provider: dashscope, api-keys: ["${NOT_FOR_THIS_COMMAND}"] }]
            """
                .formatted(url));
    try (PostgresDatabase gateway = PostgresDatabase.open(url, () -> {})) {
      assertThat(
              Moongate.run(
                  new String[] {
                    "keys",
                    "add",
                    "an app",
                    "--config",
                    config.toString(),
                    "--home",
                    folder.resolve("data").toString()
                  }))
          .isZero();
      assertThat(gateway.held()).isTrue();
    }
    assertThat(EmbeddedPostgres.rows(url, "SELECT name, origin FROM api_key"))
        .containsExactly("an app|keys-add");
    assertThat(folder.resolve("data")).doesNotExist();
  }

  @Test
  void anUnreadableDatabaseIsToldWithoutItsPassword() throws Exception {
    Path config =
        Files.writeString(
            folder.resolve("moongate.yaml"),
            "database: jdbc:postgresql://me:hunter2@127.0.0.1:1/x\n");
    assertThat(Moongate.run(new String[] {"keys", "list", "--config", config.toString()}))
        .isEqualTo(1);
  }
}
