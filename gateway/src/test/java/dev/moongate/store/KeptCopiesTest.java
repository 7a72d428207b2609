package dev.moongate.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moongate.testing.Pictures;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptCopiesTest {
  private static final String HASH_OF_X =
      "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881";

  @TempDir private Path root;
  private ImageStore store;

  @BeforeEach
  void open() throws IOException {
    store = new DiskImageStore(root);
  }

  private void put(String key, byte[] bytes) throws IOException {
    try (var sink = store.newSink()) {
      sink.out().write(bytes);
      sink.commit(key);
    }
  }

  @Test
  void copyThatIsNotWhatItsNameSaysIsRemoved() throws IOException {
    put("images/gen_a/0-" + HASH_OF_X + ".png", Pictures.png(300, 200));
    put("images/gen_a/1-" + HASH_OF_X + ".png", new byte[] {'x'});
    assertThat(KeptCopies.find(store, "gen_a", 0)).isEmpty();
    assertThat(KeptCopies.find(store, "gen_a", 1)).isEmpty();
    assertThat(store.list("images/gen_a")).isEmpty();
  }

  @Test
  void copiesOfOtherPicturesAreLeftAlone() throws IOException {
    put("images/gen_a/10-" + HASH_OF_X + ".png", new byte[] {'x'});
    assertThat(KeptCopies.find(store, "gen_a", 1)).isEmpty();
    assertThat(KeptCopies.find(store, "gen_b", 1)).isEmpty();
    assertThat(store.list("images/gen_a")).hasSize(1);
  }
}
