package dev.moongate.api;

import dev.moongate.testing.MoongateHarness;
import org.junit.jupiter.api.BeforeEach;

/** The same with PostgreSQL below. */
class KeyNamesOnPostgresTest extends KeyNamesTest {
  @BeforeEach
  @Override
  void chooseDatabase() {
    MoongateHarness.onPostgres(home);
  }
}
