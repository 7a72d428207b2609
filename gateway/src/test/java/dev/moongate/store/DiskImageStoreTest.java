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
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DiskImageStoreTest {
  private static final String KEY = "images/gen_x/0-ab.png";

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
  void pictureWhoseBytesCannotBeSyncedIsNotThere() throws IOException {
    store = new DiskImageStore(root, failingAt(path -> path.toString().endsWith(".part")));
    assertThatIOException().isThrownBy(() -> put(KEY, bytes("x"))).withMessage("fsync failed");
    assertThat(store.find(KEY)).isEmpty();
    assertThat(root.resolve(".tmp")).isEmptyDirectory();
  }

  @ParameterizedTest
  @ValueSource(strings = {"images/gen_x", "images", ""})
  void nextTryAfterAFolderThatCouldNotBeSyncedSyncsAllFoldersAgain(String folder)
      throws IOException {
    List<Path> synced = new ArrayList<>();
    DiskImageStore.Sync once = failingAt(root.resolve(folder)::equals);
    store =
        new DiskImageStore(
            root,
            (channel, path) -> {
              once.force(channel, path);
              synced.add(path);
            });
    assertThatIOException().isThrownBy(() -> put(KEY, bytes("x"))).withMessage("fsync failed");
    synced.clear();
    put(KEY, bytes("x"));
    assertThat(synced).contains(root.resolve("images/gen_x"), root.resolve("images"), root);
  }

  /** Fails once. */
  private static DiskImageStore.Sync failingAt(Predicate<Path> place) {
    AtomicBoolean failed = new AtomicBoolean();
    return (channel, path) -> {
      if (place.test(path) && failed.compareAndSet(false, true)) {
        throw new IOException("fsync failed");
      }
      channel.force(true);
    };
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
  void aFolderListsTheKeysThatAreDirectlyInIt() throws IOException {
    put("inputs/b", bytes("x"));
    put("inputs/a", bytes("x"));
    put("inputs/below/c", bytes("x"));
    put("images/d", bytes("x"));
    Files.createSymbolicLink(root.resolve("inputs/link"), root.resolve("images/d"));

    assertThat(store.list("inputs")).containsExactly("inputs/a", "inputs/b");
    assertThat(store.list("inputs/below")).containsExactly("inputs/below/c");
    assertThat(store.list("never-made")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/", "..", ".", ".tmp", "a/..", "a/", "/a", "a//b", "a b", "*"})
  void aFolderThatIsNotAPlainPathIsNotListed(String folder) {
    assertThatIllegalArgumentException().isThrownBy(() -> store.list(folder));
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
