package dev.moongate.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moongate.testing.EmbeddedPostgres;
import dev.moongate.testing.MoongateHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The same from socket to socket, with PostgreSQL below. */
class SeedRequestOnPostgresTest extends SeedRequestTest {
  private String database;

  @BeforeEach
  void choosePostgres() {
    database = MoongateHarness.onPostgres(home);
  }

  @AfterEach
  void theGenerationIsInPostgresqlAndNowhereElse() {
    assertThat(EmbeddedPostgres.rows(database, "SELECT state FROM generation"))
        .containsExactly("SUCCEEDED");
    assertThat(home.resolve("moongate.db")).doesNotExist();
  }
}
