package dev.moongate.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moongate.auth.Key;
import dev.moongate.db.PostgresDatabase;
import dev.moongate.settings.SettingsException;
import dev.moongate.testing.MoongateHarness;
import dev.moongate.testing.MoongateHarness.Answer;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class PostgresStartTest {
  @TempDir private Path home;

  @Test
  void aGatewayWhoseDatabaseHasOneDoesNotStart() {
    String url = MoongateHarness.onPostgres(home);
    try (PostgresDatabase other = PostgresDatabase.open(url, () -> {})) {
      assertThatThrownBy(() -> MoongateHarness.sandbox(home))
          .isInstanceOf(SettingsException.class)
          .hasMessageContaining("in use by another gateway (moongate ");
      assertThat(other.held()).isTrue();
    }
    MoongateHarness.sandbox(home).close();
  }

  @Test
  void anotherStartFindsWhatTheOneBeforeLeft() {
    MoongateHarness.onPostgres(home);
    Key key = Key.generate(new SecureRandom());
    String generation;
    try (MoongateHarness first =
        MoongateHarness.start(home, List.of(), MoongateHarness.settings(), key)) {
      Answer made = first.generate("{\"model\":\"wan2.7-image-pro\",\"prompt\":\"x\"}");
      assertThat(made.status()).isEqualTo(200);
      generation = made.header("x-moongate-generation");
    }
    try (MoongateHarness second =
        MoongateHarness.start(home, List.of(), MoongateHarness.settings(), key)) {
      assertThat(second.get("/v1/images/generations/" + generation).status()).isEqualTo(200);
    }
  }
}
