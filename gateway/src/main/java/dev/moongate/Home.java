package dev.moongate;

import dev.moongate.settings.SettingsException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The folder that a gateway lives in, held by one process at a time. */
final class Home implements AutoCloseable {
  private final FileChannel channel;
  private final FileLock lock;

  private Home(FileChannel channel, FileLock lock) {
    this.channel = channel;
    this.lock = lock;
  }

  /** The database of a home. */
  static Path database(Path home) {
    return home.resolve("moongate.db");
  }

  /**
   * Makes the folder if need be and takes it; refuses, naming the holder, if another process has
   * it.
   */
  static Home take(Path home) throws IOException {
    Files.createDirectories(home);
    FileChannel channel =
        FileChannel.open(
            home.resolve("lock"),
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
    FileLock lock = tryLock(channel);
    if (lock == null) {
      String holder = Files.readString(home.resolve("lock")).strip();
      channel.close();
      throw new SettingsException(
          List.of(
              "the home %s is in use by another gateway (process %s); stop it or choose another --home"
                  .formatted(home, holder)));
    }
    channel.truncate(0);
    channel.write(
        ByteBuffer.wrap(
            Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)));
    return new Home(channel, lock);
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (java.nio.channels.OverlappingFileLockException e) {
      return null;
    }
  }

  @Override
  public void close() throws IOException {
    lock.release();
    channel.close();
  }
}
