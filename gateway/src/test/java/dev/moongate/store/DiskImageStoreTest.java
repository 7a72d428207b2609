package dev.moongate.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.moongate.image.ImageBytes;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DiskImageStoreTest {
  private static final String KEY = "images/gen_x/0-ab.png";
  private static final Instant MOMENT = Instant.parse("2026-01-01T00:00:00Z");

  @TempDir Path home;
  private Path root;
  private DiskImageStore store;

  @BeforeEach
  void open() throws IOException {
    root = home.resolve("a/images");
    store = new DiskImageStore(root);
  }

  private void put(String key, byte[] bytes) throws IOException {
    try (var sink = store.newSink()) {
      sink.out().write(bytes);
      sink.commit(key);
    }
  }

  private void age(String name, Instant written) throws IOException {
    Files.setLastModifiedTime(root.resolve(name), FileTime.from(written));
  }

  private byte[] get(String key, long offset) throws IOException {
    try (InputStream in = store.find(key).orElseThrow().open(offset)) {
      return in.readAllBytes();
    }
  }

  @Test
  void whatWasCommittedIsThereFromAnyOffsetAndReplacesWhatWas() throws IOException {
    put(KEY, bytes("the first"));
    put(KEY, bytes("0123456789"));

    assertThat(get(KEY, 0)).isEqualTo(bytes("0123456789"));
    assertThat(get(KEY, 7)).isEqualTo(bytes("789"));
    assertThat(get(KEY, 10)).isEmpty();
    assertThat(store.find(KEY).orElseThrow().size()).isEqualTo(10);
    assertThat(store.freeBytes()).isPositive();
    store.delete(KEY);
    store.delete(KEY);
    assertThat(store.find(KEY)).isEmpty();
  }

  @Test
  void foldersThatSomebodyElseMadeAndPerhapsNeverSyncedAreSyncedUpToTheRoot() throws IOException {
    Files.createDirectories(root.resolve("images/gen_x"));
    List<Path> synced = new ArrayList<>();
    store = new DiskImageStore(root, synced::add);

    put(KEY, bytes("whole"));

    assertThat(synced).containsExactly(root.resolve("images/gen_x"), root.resolve("images"), root);
  }

  @Test
  void aCommitWhoseFoldersCannotBeSyncedFailsAndTheNextOneSyncsThemAll() throws IOException {
    List<Path> synced = new ArrayList<>();
    AtomicBoolean fails = new AtomicBoolean(true);
    store =
        new DiskImageStore(
            root,
            folder -> {
              if (folder.equals(root.resolve("images")) && fails.getAndSet(false)) {
                throw new IOException("no");
              }
              synced.add(folder);
            });

    assertThatIOException().isThrownBy(() -> put(KEY, bytes("whole")));
    put("images/gen_x/1-cd.png", bytes("another"));

    assertThat(synced).contains(root.resolve("images"), root);
  }

  @Test
  void aSinkClosedWithoutCommitLeavesNothing() throws IOException {
    try (var sink = store.newSink()) {
      sink.out().write(bytes("half a picture"));
    }
    assertThat(root.resolve(".tmp")).isEmptyDirectory();
  }

  @Test
  void whatAKilledProcessLeftIsSweptAtStart() throws IOException {
    put(KEY, bytes("whole"));
    Files.writeString(root.resolve(".tmp/image-123.part"), "half");

    store = new DiskImageStore(root);

    assertThat(root.resolve(".tmp")).isEmptyDirectory();
    assertThat(get(KEY, 0)).isEqualTo(bytes("whole"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "/etc/passwd",
        "../x",
        "a/../../x",
        "a/./b",
        "a//b",
        "a/",
        ".tmp/x",
        "a\\b",
        "a\0b",
        "a%2f",
        "\u00e9",
        "a b"
      })
  void aKeyThatIsNotAPlainPathIsRefused(String key) {
    assertThatIllegalArgumentException().isThrownBy(() -> store.find(key));
    assertThatIllegalArgumentException().isThrownBy(() -> store.delete(key));
    assertThatIllegalArgumentException().isThrownBy(() -> put(key, bytes("x")));
    assertThat(root.resolve(".tmp")).isEmptyDirectory();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 24_575, 24_576, 24_577, 1_000_000})
  void base64IsWhatTheLibraryMakesOfTheWholeAndAsLongAsToldBefore(int size) throws IOException {
    byte[] picture = new byte[size];
    new Random(size).nextBytes(picture);
    put(KEY, picture);
    ByteArrayOutputStream out = new ByteArrayOutputStream();

    Base64Stream.copy(store.find(KEY).orElseThrow(), out);

    assertThat(out.toByteArray()).isEqualTo(Base64.getEncoder().encode(picture));
    assertThat(Base64Stream.encodedLength(size)).isEqualTo(out.size());
  }

  @Test
  void aSweepRemovesWhatWasLastWrittenBeforeTheMomentAndNothingElse() throws IOException {
    put("inputs/old", bytes("x"));
    put("inputs/older", bytes("x"));
    put("inputs/at-the-moment", bytes("x"));
    put("inputs/young", bytes("x"));
    put("inputs/below/old", bytes("x"));
    put("images/old", bytes("x"));
    age("inputs/old", MOMENT.minusMillis(1));
    age("inputs/older", Instant.EPOCH);
    age("inputs/at-the-moment", MOMENT);
    age("inputs/below", Instant.EPOCH);
    age("inputs/below/old", Instant.EPOCH);
    age("images/old", Instant.EPOCH);

    assertThat(store.sweep("inputs", MOMENT)).isEqualTo(2);

    assertThat(root.resolve("inputs").toFile().list())
        .containsExactlyInAnyOrder("at-the-moment", "young", "below");
    assertThat(store.find("inputs/below/old")).isPresent();
    assertThat(store.find("images/old")).isPresent();
    assertThat(store.sweep("inputs", MOMENT)).isZero();
    assertThat(store.sweep("inputs/below", MOMENT)).isEqualTo(1);
    assertThat(store.sweep("never-made", MOMENT)).isZero();
  }

  @Test
  void aKeyThatIsCommittedAgainIsYoungAgain() throws IOException {
    put("inputs/ab", bytes("the same"));
    age("inputs/ab", Instant.EPOCH);

    put("inputs/ab", bytes("the same"));

    assertThat(store.sweep("inputs", MOMENT)).isZero();
    assertThat(get("inputs/ab", 0)).isEqualTo(bytes("the same"));
  }

  @RepeatedTest(10) // the two race for each key
  void aSweepNeverTakesWhatIsCommittedWhileItRuns() throws Exception {
    List<String> keys = IntStream.range(0, 100).mapToObj(i -> "inputs/" + i).toList();
    List<ImageStore.Sink> written = new ArrayList<>();
    for (String key : keys) {
      put(key, bytes("old"));
      age(key, Instant.EPOCH);
      written.add(store.newSink());
      written.getLast().out().write(bytes("new"));
    }
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<Integer> sweep = () -> store.sweep("inputs", MOMENT);
      Future<Integer> swept = threads.submit(sweep);
      for (int i = 0; i < keys.size(); i++) {
        try (ImageStore.Sink sink = written.get(i)) {
          sink.commit(keys.get(i));
        }
      }
      assertThat(swept.get()).isBetween(0, keys.size());
    }
    for (String key : keys) {
      assertThat(get(key, 0)).as(key).isEqualTo(bytes("new"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/", "..", ".", ".tmp", "a/..", "a/", "/a", "a//b", "a b", "*"})
  void aFolderThatIsNotAPlainPathIsNotSwept(String folder) {
    assertThatIllegalArgumentException().isThrownBy(() -> store.sweep(folder, MOMENT));
  }

  @Test
  void aPictureThatBecameShorterFailsInsteadOfEndingEarly() throws IOException {
    put(KEY, bytes("0123456789"));
    ImageBytes image = store.find(KEY).orElseThrow();
    Files.writeString(root.resolve(KEY), "0123");

    assertThatIOException()
        .isThrownBy(() -> Base64Stream.copy(image, new ByteArrayOutputStream()))
        .isInstanceOf(EOFException.class);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
