package dev.moongate.sandbox;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A quick sandbox without limits for each test. */
@Timeout(300)
abstract class SandboxFixture {
  @TempDir Path home;
  Sandbox sandbox;
  Caller caller;

  @BeforeEach
  void startIt() throws IOException {
    start(settings());
  }

  SandboxSettings settings() {
    return SandboxSettings.at(home, Clock.systemUTC())
        .withPerPicture(Duration.ZERO)
        .withLimits(Limits.none());
  }

  final void start(SandboxSettings settings) throws IOException {
    sandbox = Sandbox.start(settings);
    caller = new Caller(sandbox);
  }

  final void restart(SandboxSettings settings) throws IOException {
    sandbox.close();
    start(settings);
  }

  @AfterEach
  void stopIt() throws IOException {
    sandbox.close();
  }
}
