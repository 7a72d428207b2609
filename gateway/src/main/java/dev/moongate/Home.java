package dev.moongate;

import dev.moongate.settings.SettingsException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The folder that a gateway lives in, held by one process at a time. */
final class Home implements AutoCloseable {
  /** Longer than a command beside us needs to unpack its library and load it. */
  private static final Duration UNPACKING = Duration.ofSeconds(10);

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
    sweepLibraries(home);
    channel.write(
        ByteBuffer.wrap(
            Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)));
    return new Home(channel, lock);
  }

  /**
   * Removes the SQLite libraries that killed processes have unpacked here: a megabyte each, which a
   * gateway that ends itself on a full disk and is started again would lack more each time.
   */
  private static void sweepLibraries(Path home) throws IOException {
    Path folder = home.resolve("tmp");
    if (!Files.isDirectory(folder)) {
      return;
    }
    // The lock was emptied just now: that is what the disk itself calls now.
    Instant unused = Files.getLastModifiedTime(home.resolve("lock")).toInstant().minus(UNPACKING);
    try (DirectoryStream<Path> libraries = Files.newDirectoryStream(folder, "sqlite-*")) {
      for (Path library : libraries) {
        if (Files.getLastModifiedTime(library).toInstant().isBefore(unused)) {
          Files.deleteIfExists(library);
        }
      }
    } catch (NoSuchFileException e) {
      // Its process has ended meanwhile and removed it; the rest is for the next start.
    }
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
