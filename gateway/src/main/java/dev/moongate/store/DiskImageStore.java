package dev.moongate.store;

import dev.moongate.image.ImageBytes;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Pictures as files under one folder. A picture is written beside the others, fsynced, renamed into
 * place, and its folders are fsynced too, so that a name that is there always leads to whole bytes.
 */
public final class DiskImageStore implements ImageStore {
  private static final Pattern KEY =
      Pattern.compile("[A-Za-z0-9_-]+(/[A-Za-z0-9_.-]*[A-Za-z0-9_-])+");
  private static final Pattern FOLDER = Pattern.compile("[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*");

  private final Path root;
  private final Path unfinished;
  private final Sync sync;
  // Folders directly under the root whose names this process has synced; there are a few.
  private final Set<Path> safe = ConcurrentHashMap.newKeySet();

  /** Opens the store under {@code root} and sweeps away what an earlier process left unfinished. */
  public DiskImageStore(Path root) throws IOException {
    this(root, (channel, _) -> channel.force(true));
  }

  DiskImageStore(Path root, Sync sync) throws IOException {
    this(root, Files.createDirectories(root.resolve(".tmp")), sync);
    try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(unfinished)) {
      for (Path leftover : leftovers) {
        Files.deleteIfExists(leftover);
      }
    }
  }

  private DiskImageStore(Path root, Path unfinished, Sync sync) {
    this.root = root;
    this.unfinished = unfinished;
    this.sync = sync;
  }

  /**
   * The store of a gateway that may be running, to look into: what that gateway has not finished is
   * left alone.
   */
  public static DiskImageStore beside(Path root) {
    return new DiskImageStore(root, root.resolve(".tmp"), (channel, _) -> channel.force(true));
  }

  /** How bytes come to the disk for good; tests let it fail. */
  @FunctionalInterface
  interface Sync {
    void force(FileChannel channel, Path of) throws IOException;
  }

  @Override
  public Sink newSink() throws IOException {
    Path file = Files.createTempFile(unfinished, "picture-", ".part");
    return new DiskSink(file, FileChannel.open(file, StandardOpenOption.WRITE));
  }

  @Override
  public Optional<ImageBytes> find(String storageKey) {
    Path file = path(storageKey);
    try {
      return Files.isRegularFile(file)
          ? Optional.of(new FileBytes(file, Files.size(file)))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  @Override
  public void delete(String storageKey) throws IOException {
    Files.deleteIfExists(path(storageKey));
  }

  @Override
  public List<String> list(String folder) throws IOException {
    if (!FOLDER.matcher(folder).matches()) {
      throw new IllegalArgumentException("not a folder of the store: " + folder);
    }
    try (Stream<Path> files = Files.list(root.resolve(folder))) {
      return files
          .filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
          .map(file -> folder + "/" + file.getFileName())
          .sorted()
          .toList();
    } catch (NoSuchFileException e) {
      return List.of();
    }
  }

  @Override
  public long freeBytes() throws IOException {
    return Files.getFileStore(root).getUsableSpace();
  }

  private Path path(String storageKey) {
    Path file = root.resolve(storageKey).normalize();
    if (!KEY.matcher(storageKey).matches() || !file.startsWith(root.normalize())) {
      throw new IllegalArgumentException("not a storage key: " + storageKey);
    }
    return file;
  }

  /** A stored file. */
  private record FileBytes(Path file, long size) implements ImageBytes {
    @Override
    public InputStream open(long offset) throws IOException {
      FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
      try {
        return Channels.newInputStream(channel.position(offset));
      } catch (IOException e) {
        channel.close();
        throw e;
      }
    }
  }

  /** A file being written. */
  private final class DiskSink implements Sink {
    private final Path file;
    private final FileChannel channel;
    private final OutputStream out;

    private DiskSink(Path file, FileChannel channel) {
      this.file = file;
      this.channel = channel;
      this.out = Channels.newOutputStream(channel);
    }

    @Override
    public OutputStream out() {
      return out;
    }

    @Override
    public void commit(String storageKey) throws IOException {
      Path target = path(storageKey);
      Path folder = target.getParent();
      if (folder == null) {
        throw new IllegalArgumentException("not a storage key: " + storageKey);
      }
      sync.force(channel, file);
      channel.close();
      Files.createDirectories(folder);
      Files.move(file, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      syncFolder(folder);
      syncNames(folder);
    }

    @Override
    public void close() throws IOException {
      channel.close();
      try {
        Files.deleteIfExists(file);
      } catch (NoSuchFileException e) {
        // Committed: the file has its place.
      }
    }
  }

  /**
   * Syncs the names of the folders that lead to this one, whoever made them: who did may have
   * failed to sync them, or not have come to it yet.
   */
  private void syncNames(Path folder) throws IOException {
    Path top = root.normalize();
    Path at = folder;
    while (!at.equals(top) && !safe.contains(at)) {
      Path above = Objects.requireNonNull(at.getParent());
      syncFolder(above);
      if (above.equals(top)) {
        safe.add(at);
      }
      at = above;
    }
  }

  /** A new name in a folder is only safe once the folder itself is on disk. */
  private void syncFolder(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      sync.force(channel, folder);
    }
  }
}
