package dev.moongate.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moongate.SeamedGateway;
import dev.moongate.auth.Key;
import dev.moongate.generation.GenerationRows;
import dev.moongate.provider.ImageProvider.Mode;
import dev.moongate.testing.MoongateHarness;
import dev.moongate.testing.MoongateHarness.Answer;
import dev.moongate.testing.Seam;
import dev.moongate.testing.StandInUpstream;
import dev.moongate.testing.TaskUpstream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A picture that is on the disk is not lost because its row was not written. */
@Timeout(300)
class KeptCopyTest {
  @TempDir private Path home;

  @Test
  void pictureThatIsStoredAndNotYetWrittenDownIsUsedAlsoIfItsLinkIsDead() throws IOException {
    AtomicInteger writes = new AtomicInteger();
    try (TaskUpstream upstream = new TaskUpstream();
        MoongateHarness moongate =
            MoongateHarness.started(
                home,
                List.of(MoongateHarness.account(upstream.http().uri(), Mode.ASYNC)),
                Key.generate(new SecureRandom()),
                settings ->
                    SeamedGateway.start(
                        settings,
                        Clock.systemUTC(),
                        rows -> failingOnce(rows, writes, upstream),
                        UnaryOperator.identity(),
                        UnaryOperator.identity()))) {
      Answer answer =
          moongate.generate(
              "{\"model\":\"wan2.7-image-pro\",\"prompt\":\"x\",\"response_format\":\"b64_json\"}");
      assertThat(answer.status()).isEqualTo(200);
      assertThat(writes).hasValue(2);
      assertThat(moongate.rows("SELECT kind, amount FROM ledger ORDER BY kind"))
          .containsExactly("CHARGE|500000", "COST|500000", "HOLD|500000");
      try (var files = Files.walk(home.resolve("store/images"))) {
        assertThat(files.filter(Files::isRegularFile)).hasSize(1);
      }
    }
  }

  /** As if the process had died when the file was in its place; the provider has forgotten it. */
  private static GenerationRows failingOnce(
      GenerationRows rows, AtomicInteger writes, TaskUpstream upstream) {
    return Seam.around(
        GenerationRows.class,
        rows,
        "pictureStored",
        (real, _) -> {
          if (writes.incrementAndGet() == 1) {
            upstream.http().respond("/picture.png", StandInUpstream.json(404, "{}"));
            throw new IllegalStateException("the process dies");
          }
          return real.call();
        });
  }
}
