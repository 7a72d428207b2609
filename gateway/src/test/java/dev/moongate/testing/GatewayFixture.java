package dev.moongate.testing;

import dev.moongate.provider.ImageProvider.Mode;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A gateway in front of an upstream that keeps tasks, both new for every test. */
@Timeout(300)
public abstract class GatewayFixture {
  @TempDir protected Path home;
  protected final TaskUpstream upstream = new TaskUpstream();
  protected MoongateHarness moongate;

  @BeforeEach
  protected void start() {
    moongate = MoongateHarness.before(home, upstream.http().uri(), Mode.ASYNC);
  }

  @AfterEach
  protected void stop() {
    moongate.close();
    upstream.close();
  }
}
