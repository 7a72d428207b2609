package dev.moongate.crash;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The disk under a gateway's home, as a test can fill it and free it again. */
interface Disk extends AutoCloseable {
  /** How a process is started that has this disk. */
  List<String> inside(List<String> command);

  /** Where this process finds a file of that disk. */
  Path here(Path file);

  /**
   * A filled part of the disk, so that less than {@code bytes} are free on it; false if it cannot.
   */
  boolean tryLeave(long bytes) throws IOException;

  /**
   * Leaves no room, for this process and for those started from now on.
   *
   * @param process the gateway
   */
  void fill(ProcessHandle process) throws IOException, InterruptedException;

  /** Leaves no room for pictures; the database has its own. */
  void fillStore() throws IOException;

  /** As before it was filled. */
  void free() throws IOException;

  @Override
  void close();

  /**
   * A real small one if this process may mount, and otherwise one that behaves like it by a limit
   * on the size of files.
   */
  static Disk of(Path home) throws IOException, InterruptedException {
    if (Boolean.parseBoolean(System.getProperty("moongate.mount", "true"))) {
      TmpfsDisk mounted = TmpfsDisk.tryMount(home);
      if (mounted != null) {
        return mounted;
      }
    }
    System.out.println("no tmpfs could be mounted: the full disk is a limit on the size of files");
    return new LimitedDisk(home);
  }
}
