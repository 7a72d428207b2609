package dev.moongate.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moongate.provider.ImageProvider.Mode;
import dev.moongate.testing.MoongateHarness;
import dev.moongate.testing.StandInUpstream;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One gateway for all tests of a class, and a provider that must not be asked for anything. */
@Timeout(300)
abstract class RefusalFixture {
  @TempDir static Path home;
  static MoongateHarness moongate;
  private static StandInUpstream provider;

  @BeforeAll
  static void start() {
    provider = new StandInUpstream();
    moongate = MoongateHarness.before(home, provider.uri(), Mode.ASYNC);
  }

  @AfterAll
  static void stop() {
    moongate.close();
    assertThat(provider.received()).as("what the provider saw").isEmpty();
    provider.close();
  }
}
