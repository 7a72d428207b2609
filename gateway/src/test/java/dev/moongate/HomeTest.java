package dev.moongate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HomeTest {
  @Test
  void librariesThatKilledProcessesLeftAreSweptAndThoseJustUnpackedAreNot(@TempDir Path home)
      throws Exception {
    Path folder = Files.createDirectories(home.resolve("tmp"));
    Path left = Files.writeString(folder.resolve("sqlite-3.0-1-libsqlitejdbc.so"), "old");
    Path foreign = Files.writeString(folder.resolve("something-else"), "old");
    Path fresh = Files.writeString(folder.resolve("sqlite-3.0-2-libsqlitejdbc.so"), "new");
    for (Path old : new Path[] {left, foreign}) {
      Files.setLastModifiedTime(old, FileTime.from(Instant.EPOCH));
    }
    Home.take(home).close();
    assertThat(left).doesNotExist();
    assertThat(fresh).exists();
    assertThat(foreign).exists();
  }
}
