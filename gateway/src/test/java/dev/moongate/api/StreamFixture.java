package dev.moongate.api;

import dev.moongate.provider.ImageProvider.Mode;
import dev.moongate.testing.HttpSettingsBuilder;
import dev.moongate.testing.MoongateHarness;
import dev.moongate.testing.StandInUpstream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A gateway whose streams show often that they are alive, in front of an upstream of scripts. */
@Timeout(300)
abstract class StreamFixture {
  @TempDir Path home;
  final StandInUpstream upstream = new StandInUpstream();
  MoongateHarness moongate;

  @BeforeEach
  void start() {
    moongate =
        MoongateHarness.start(
            home,
            List.of(MoongateHarness.account(upstream.uri(), Mode.ASYNC)),
            new HttpSettingsBuilder().heartbeat(Duration.ofMillis(100)).build());
  }

  @AfterEach
  void stop() {
    moongate.close();
    upstream.close();
  }
}
