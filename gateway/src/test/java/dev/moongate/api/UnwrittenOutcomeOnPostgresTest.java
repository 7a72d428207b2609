package dev.moongate.api;

import dev.moongate.testing.MoongateHarness;
import org.junit.jupiter.api.BeforeEach;

/** The same with PostgreSQL below. */
class UnwrittenOutcomeOnPostgresTest extends UnwrittenOutcomeTest {
  @BeforeEach
  @Override
  void start() {
    MoongateHarness.onPostgres(home);
    super.start();
  }
}
