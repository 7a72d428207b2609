package dev.moongate.api;

import static dev.moongate.testing.DashScopeScripts.delivering;
import static dev.moongate.testing.DashScopeScripts.png;
import static org.assertj.core.api.Assertions.assertThat;

import dev.moongate.SeamedGateway;
import dev.moongate.auth.Key;
import dev.moongate.generation.GenerationRows;
import dev.moongate.provider.ImageProvider.Mode;
import dev.moongate.settings.MoongateSettings;
import dev.moongate.testing.EventClient;
import dev.moongate.testing.EventClient.Block;
import dev.moongate.testing.HttpSettingsBuilder;
import dev.moongate.testing.MoongateHarness;
import dev.moongate.testing.Seam;
import dev.moongate.testing.SettingsBuilder;
import dev.moongate.testing.StandInUpstream;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A stream gives away no picture that a crash could still take from the gateway. */
@Timeout(300)
class StreamedOnceStoredTest {
  private static final String STREAM =
      "{\"model\":\"wan2.7-image-pro\",\"prompt\":\"x\",\"stream\":true}";

  @TempDir private Path home;
  private final CompletableFuture<Void> fetched = new CompletableFuture<>();
  private final CompletableFuture<Void> mayBeWritten = new CompletableFuture<>();

  @Test
  void aPictureIsNotSentBeforeItsRowSaysThatItIsStored() {
    try (StandInUpstream upstream = delivering(new StandInUpstream(), png(10, 10, 1));
        MoongateHarness moongate =
            MoongateHarness.started(
                home,
                List.of(MoongateHarness.account(upstream.uri(), Mode.ASYNC)),
                Key.generate(new SecureRandom()),
                settings ->
                    SeamedGateway.start(
                        impatient(settings),
                        Clock.systemUTC(),
                        this::holdingPictures,
                        UnaryOperator.identity(),
                        UnaryOperator.identity()));
        EventClient stream = moongate.stream(STREAM)) {
      fetched.join();
      assertThat(moongate.rows("SELECT state FROM image")).containsExactly("ANNOUNCED");
      for (int beats = 0; beats < 3; ) {
        Block block = stream.next();
        beats += block.equals(new Block(null, "still here")) ? 1 : 0;
        assertThat(block.name()).isNotEqualTo("image_generation.completed");
      }
      mayBeWritten.complete(null);
      assertThat(stream.nextNews().name()).isEqualTo("image_generation.completed");
      assertThat(moongate.rows("SELECT state FROM image")).containsExactly("STORED");
      assertThat(stream.nextNews().name()).isEqualTo("image_generation.done");
    }
  }

  private GenerationRows holdingPictures(GenerationRows rows) {
    return Seam.around(
        GenerationRows.class,
        rows,
        "pictureStored",
        (real, _) -> {
          fetched.complete(null);
          mayBeWritten.join();
          return real.call();
        });
  }

  private static MoongateSettings impatient(MoongateSettings usual) {
    return SettingsBuilder.from(usual)
        .http(new HttpSettingsBuilder().heartbeat(Duration.ofMillis(100)).build())
        .build();
  }
}
