package dev.moongate.sandbox.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PicturesTest {
  @TempDir private Path folder;

  @Test
  void pictureThatIsBeingDrawnOutlivesASweep() throws IOException {
    Pictures pictures = new Pictures(folder);
    Path drawing = Files.createFile(folder.resolve("kept-1-0.png.new"));
    Path drawn = Files.createFile(folder.resolve("kept-1-1.png"));
    Path old = Files.createFile(folder.resolve("gone-1-0.png"));
    Path halfOld = Files.createFile(folder.resolve("gone-1-1.png.new"));
    pictures.sweep("kept-1"::equals);
    assertThat(drawing).exists();
    assertThat(drawn).exists();
    assertThat(old).doesNotExist();
    assertThat(halfOld).doesNotExist();
  }
}
