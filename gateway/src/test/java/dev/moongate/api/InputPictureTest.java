package dev.moongate.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moongate.SeamedGateway;
import dev.moongate.auth.Key;
import dev.moongate.generation.GenerationSettings;
import dev.moongate.provider.ImageProvider.Mode;
import dev.moongate.store.ImageStore;
import dev.moongate.testing.Await;
import dev.moongate.testing.MoongateHarness;
import dev.moongate.testing.MoongateHarness.Answer;
import dev.moongate.testing.Pictures;
import dev.moongate.testing.Seam;
import dev.moongate.testing.TaskUpstream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Input pictures lie on the disk for as long as they are needed, and in nobody else's place. */
@Timeout(300)
class InputPictureTest {
  private static final String TEXT = "{\"model\":\"wan2.7-image-pro\",\"prompt\":\"x\"}";
  private static final long MIN_FREE = GenerationSettings.DEFAULTS.minFreeDisk();

  /** What a generation of one picture of 2K sets aside. */
  private static final long ASIDE = 4L * 2048 * 2048;

  @TempDir private Path home;
  private final TaskUpstream upstream = new TaskUpstream();
  private final Key key = Key.generate(new SecureRandom());
  private final AtomicLong free = new AtomicLong(10L << 30);
  private MoongateHarness moongate;

  @BeforeEach
  void start() {
    moongate =
        MoongateHarness.started(
            home,
            List.of(MoongateHarness.account(upstream.http().uri(), Mode.ASYNC)),
            key,
            settings ->
                SeamedGateway.start(
                    settings,
                    Clock.systemUTC(),
                    UnaryOperator.identity(),
                    store ->
                        Seam.around(ImageStore.class, store, "freeBytes", (_, _) -> free.get()),
                    UnaryOperator.identity()));
  }

  @AfterEach
  void stop() {
    moongate.close();
    upstream.close();
  }

  private static String withPicture(byte[] picture) {
    return """
    {"model":"wan2.7-image-pro","input":{"messages":[{"role":"user","content":[
     {"image":"data:image/png;base64,%s"},{"text":"x"}]}]}}\
    """
        .formatted(Base64.getEncoder().encodeToString(picture));
  }

  private static String small() {
    return withPicture(Pictures.png(300, 300));
  }

  private List<Path> files(String folder) {
    Path all = home.resolve("store").resolve(folder);
    if (!Files.exists(all)) {
      return List.of();
    }
    try (var files = Files.list(all)) {
      return files.toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** So that whatever comes next waits in the queue. */
  private void fillTheAccount() {
    upstream.state("RUNNING");
    for (int i = 0; i < 5; i++) {
      moongate.generate(TEXT, "Prefer", "respond-async");
    }
    Await.until("five run", () -> upstream.submits() == 5);
  }

  @Test
  void inputPictureIsKeptUntilItsGenerationHasEndedAndNotLonger() {
    fillTheAccount();
    String id =
        moongate.generate(small(), "Prefer", "respond-async").json().path("id").stringValue();
    assertThat(files("inputs")).hasSize(1);
    upstream.state("SUCCEEDED");
    Answer ended = moongate.get("/v1/images/generations/" + id + "?wait=60");
    assertThat(ended.json().path("status").stringValue()).isEqualTo("succeeded");
    Await.until("it is gone", () -> files("inputs").isEmpty());
  }

  @Test
  void endOfOneGenerationDoesNotTakeTheSamePictureFromAnother() {
    fillTheAccount();
    String first =
        moongate.generate(small(), "Prefer", "respond-async").json().path("id").stringValue();
    moongate.generate(small(), "Prefer", "respond-async");
    moongate.post("/v1/images/generations/" + first + "/cancel", "");
    Await.until("one is left", () -> files("inputs").size() == 1);
    upstream.state("SUCCEEDED");
    Await.until(
        "the other is made",
        () -> moongate.rows("SELECT state FROM generation WHERE state = 'SUCCEEDED'").size() == 6);
  }

  @Test
  void generationWhosePictureIsLostWhileItWaitsEndsAtOnceAndUncharged() throws IOException {
    fillTheAccount();
    String id =
        moongate.generate(small(), "Prefer", "respond-async").json().path("id").stringValue();
    Files.delete(files("inputs").getFirst());
    upstream.state("SUCCEEDED");
    Answer ended = moongate.get("/v1/images/generations/" + id + "?wait=60");
    assertThat(ended.json().at("/error/code").stringValue()).isEqualTo("internal_error");
    String ofIt = " WHERE generation_id = '" + id + "'";
    assertThat(moongate.rows("SELECT outcome FROM attempt" + ofIt)).containsOnly("NOT_SENT");
    assertThat(moongate.rows("SELECT kind FROM ledger" + ofIt))
        .containsExactlyInAnyOrder("HOLD", "RELEASE");
    assertThat(upstream.submits()).isEqualTo(5);
  }

  @Test
  void requestThatIsRefusedAtAdmissionLeavesNoInputPicture() {
    free.set(MIN_FREE + ASIDE - 1);
    Answer refused = moongate.generate(small());
    assertThat(refused.error()).isEqualTo("503 insufficient_storage");
    assertThat(refused.header("x-should-retry")).isEqualTo("true");
    assertThat(refused.header("Retry-After")).isEqualTo("60");
    assertThat(files("inputs")).isEmpty();
    assertThat(files(".tmp")).isEmpty();
    assertThat(upstream.submits()).isZero();
  }

  @Test
  void inputPictureDoesNotTakeTheSpaceThatIsSetAsideForPicturesToCome() {
    fillTheAccount();
    free.set(MIN_FREE + 5 * ASIDE + (1 << 20) - 1);
    String large = withPicture(Pictures.noise(1_000, 1_000));
    Answer refused = moongate.generate(large);
    assertThat(refused.error()).isEqualTo("503 insufficient_storage");
    assertThat(refused.json().at("/error/message").stringValue()).contains("input pictures");
    assertThat(refused.header("x-should-retry")).isEqualTo("true");
    assertThat(refused.header("Retry-After")).isEqualTo("60");
    assertThat(files("inputs")).isEmpty();
    assertThat(files(".tmp")).isEmpty();
    assertThat(moongate.rows("SELECT id FROM generation")).hasSize(5);
    free.set(MIN_FREE + 6 * ASIDE);
    upstream.state("SUCCEEDED");
    assertThat(moongate.generate(large).status()).isEqualTo(200);
  }

  @Test
  void nothingIsAdmittedThatWouldLeaveLessThanTheDiskIsToKeepFree() {
    free.set(MIN_FREE + ASIDE - 1);
    assertThat(moongate.generate(TEXT).error()).isEqualTo("503 insufficient_storage");
    free.set(MIN_FREE + ASIDE);
    assertThat(moongate.generate(TEXT).status()).isEqualTo(200);
  }

  @Test
  void requestThatJoinsAnotherLeavesNoSecondCopy() {
    fillTheAccount();
    for (int i = 0; i < 2; i++) {
      moongate.generate(small(), "Prefer", "respond-async", "Idempotency-Key", "k");
    }
    assertThat(moongate.rows("SELECT id FROM generation")).hasSize(6);
    assertThat(files("inputs")).hasSize(1);
  }

  @Test
  void whatADeathLeftBehindIsSweptByTheAgeInItsName() throws IOException {
    fillTheAccount();
    moongate.generate(small(), "Prefer", "respond-async");
    Path left = home.resolve("store/inputs/gen_01abcdefgh0000000000000000-ab");
    Files.writeString(left, "left");
    moongate.close();
    start();
    Await.until("it is swept", () -> !Files.exists(left));
    assertThat(files("inputs")).hasSize(1);
  }
}
