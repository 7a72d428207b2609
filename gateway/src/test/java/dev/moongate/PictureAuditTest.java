package dev.moongate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moongate.db.AuditedPictures;
import dev.moongate.db.KeptTable;
import dev.moongate.db.ReadOnlyDatabase;
import dev.moongate.image.ImageBytes;
import dev.moongate.store.DiskImageStore;
import dev.moongate.store.ImageStore;
import dev.moongate.testing.MoongateHarness;
import dev.moongate.testing.MoongateHarness.Answer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class PictureAuditTest {
  @TempDir private Path home;

  @Test
  void pictureThatIsDeletedWhileItIsLookedAtIsNotMissed() throws IOException {
    try (MoongateHarness moongate = MoongateHarness.sandbox(home);
        HomeDatabase rows = moongate.database();
        ReadOnlyDatabase open = ReadOnlyDatabase.sqlite(Home.database(home))) {
      Answer answer =
          moongate.generate(
              "{\"model\":\"wan2.7-image\",\"prompt\":\"x sandbox:delay=0s\",\"size\":\"768x768\"}");
      String id = answer.header("x-moongate-generation");
      ImageStore store = DiskImageStore.beside(home.resolve("store"));
      PictureAudit audit =
          new PictureAudit(
              new AuditedPictures(open), new Deleting(store, rows, id, Instant.EPOCH), false);
      audit.run();
      assertThat(audit.checked()).isEqualTo(1);
      assertThat(audit.violations()).isEmpty();
      assertThat(moongate.rows("SELECT state FROM image")).containsExactly("REMOVED");
    }
  }

  @Test
  void whatTheGatewayHasNotFinishedIsLeftAlone() throws IOException {
    Path unfinished = Files.createDirectories(home.resolve("store/.tmp")).resolve("a.part");
    Files.createFile(unfinished);
    assertThat(DiskImageStore.beside(home.resolve("store")).find("images/a/0-b.png")).isEmpty();
    assertThat(unfinished).exists();
  }

  /** A store whose picture goes, row first, at the moment that it is looked for. */
  private record Deleting(ImageStore store, HomeDatabase rows, String generation, Instant now)
      implements ImageStore {
    @Override
    public Optional<ImageBytes> find(String storageKey) {
      new KeptTable(rows.database()).remove(generation, now);
      try {
        store.delete(storageKey);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return store.find(storageKey);
    }

    @Override
    public Sink newSink() throws IOException {
      return store.newSink();
    }

    @Override
    public void delete(String storageKey) throws IOException {
      store.delete(storageKey);
    }

    @Override
    public java.util.List<String> list(String folder) throws IOException {
      return store.list(folder);
    }

    @Override
    public long freeBytes() throws IOException {
      return store.freeBytes();
    }
  }
}
