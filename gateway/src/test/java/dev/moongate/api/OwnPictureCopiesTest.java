package dev.moongate.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moongate.provider.ImageProvider.Mode;
import dev.moongate.testing.DashScopeFace;
import dev.moongate.testing.DashScopeScripts;
import dev.moongate.testing.MoongateHarness;
import dev.moongate.testing.MoongateHarness.Answer;
import dev.moongate.testing.StandInUpstream;
import dev.moongate.testing.TaskUpstream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A small request that names stored pictures does not make the gateway copy much. */
@Timeout(120)
class OwnPictureCopiesTest {
  @TempDir private Path home;
  private final TaskUpstream upstream = new TaskUpstream();
  private MoongateHarness moongate;
  private String picture;

  @BeforeEach
  void makeAPicture() {
    upstream
        .http()
        .respond(
            "/picture.png",
            StandInUpstream.bytes(200, "image/png", DashScopeScripts.png(320, 240, 5)));
    moongate = MoongateHarness.before(home, upstream.http().uri(), Mode.ASYNC);
    picture =
        moongate
            .generate("{\"model\":\"wan2.7-image-pro\",\"prompt\":\"x\"}")
            .json()
            .at("/data/0/url")
            .stringValue();
  }

  @AfterEach
  void stop() {
    moongate.close();
    upstream.close();
  }

  private String body(int pictures) {
    String items =
        String.join(",", Collections.nCopies(pictures, "{\"image\":\"%s\"}".formatted(picture)));
    return "{\"model\":\"wan2.7-image-pro\",\"input\":{\"messages\":[{\"role\":\"user\",\"content\":[%s,{\"text\":\"x\"}]}]}}"
        .formatted(items);
  }

  @Test
  void noPictureIsCopiedIfThereAreMoreThanAModelTakes() throws Exception {
    try (Copies copies = new Copies(home)) {
      Answer answer = moongate.generate(body(10));
      assertThat(answer.error()).isEqualTo("400 invalid_value");
      assertThat(answer.param()).isEqualTo("input.messages[0].content");
      for (String path : List.of(DashScopeFace.SYNC, DashScopeFace.ASYNC)) {
        Answer vendors =
            path.equals(DashScopeFace.SYNC)
                ? new DashScopeFace(moongate).sync(body(10))
                : new DashScopeFace(moongate).async(body(10));
        assertThat(vendors.error()).isEqualTo("400 InvalidParameter");
      }
      assertThat(copies.count()).isZero();
    }
  }

  @Test
  void pictureThatIsNamedNineTimesIsCopiedOnce() throws Exception {
    try (Copies copies = new Copies(home)) {
      Answer answer = moongate.post("/v1/images/generations?dry_run=true", body(9));
      assertThat(answer.status()).isEqualTo(200);
      assertThat(copies.count()).isEqualTo(1);
    }
  }

  @Test
  void pictureThatIsTooLargeIsNotCopied() throws Exception {
    makeLarge();
    try (Copies copies = new Copies(home)) {
      Answer answer = moongate.generate(body(1));
      assertThat(answer.error()).isEqualTo("400 invalid_image");
      assertThat(answer.json().at("/error/message").stringValue()).contains("20 MB");
      assertThat(copies.count()).isZero();
    }
  }

  private void makeLarge() throws IOException {
    try (Stream<Path> files = Files.walk(home.resolve("store/images"))) {
      Path file = files.filter(Files::isRegularFile).findFirst().orElseThrow();
      Files.write(file, new byte[20 << 20], StandardOpenOption.APPEND);
    }
  }

  /** Counts what is begun in the folder in which the store writes. */
  private static final class Copies implements AutoCloseable {
    private final Path folder;
    private final WatchService service;

    Copies(Path home) throws IOException {
      folder = home.resolve("store/.tmp");
      service = folder.getFileSystem().newWatchService();
      folder.register(service, StandardWatchEventKinds.ENTRY_CREATE);
    }

    /** How many there were until now. */
    int count() throws IOException, InterruptedException {
      Path last = Files.createFile(folder.resolve("last"));
      int count = 0;
      boolean seen = false;
      while (!seen) {
        WatchKey key = service.poll(60, TimeUnit.SECONDS);
        assertThat(key).as("what the file system tells").isNotNull();
        for (WatchEvent<?> event : key.pollEvents()) {
          seen |= last.getFileName().equals(event.context());
          count++;
        }
        key.reset();
      }
      Files.delete(last);
      return count - 1;
    }

    @Override
    public void close() throws IOException {
      service.close();
    }
  }
}
