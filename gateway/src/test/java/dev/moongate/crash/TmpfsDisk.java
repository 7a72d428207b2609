package dev.moongate.crash;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Two file systems of 40 and 8 MB in memory, for the home and for its pictures. They are mounted in
 * a name space of their own, which a child process holds: when that goes, or this process dies,
 * nothing is left of them.
 */
final class TmpfsDisk implements Disk {
  private static final String MOUNT =
      """
      mount -t tmpfs -o size=40m,mode=700 tmpfs "$0" && mkdir "$0/store" \
      && mount -t tmpfs -o size=8m,mode=700 tmpfs "$0/store" && echo mounted && exec cat
      """;
  private static final boolean ROOT = "root".equals(System.getProperty("user.name"));
  private static final String FILLER = "filler";

  private final Path home;
  private final Process holder;

  private TmpfsDisk(Path home, Process holder) {
    this.home = home;
    this.holder = holder;
  }

  /** Null if the system does not let us. */
  static @Nullable TmpfsDisk tryMount(Path home) throws IOException {
    Files.createDirectories(home);
    Process holder;
    try {
      holder =
          new ProcessBuilder("unshare", ROOT ? "-m" : "-rm", "sh", "-c", MOUNT, home.toString())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
    } catch (IOException e) {
      return null;
    }
    if ("mounted".equals(holder.inputReader().readLine())) {
      return new TmpfsDisk(home, holder);
    }
    holder.destroyForcibly();
    return null;
  }

  @Override
  public List<String> inside(List<String> command) {
    List<String> whole =
        new ArrayList<>(List.of("nsenter", "-t", Long.toString(holder.pid()), "-m"));
    if (!ROOT) {
      whole.addAll(List.of("-U", "--preserve-credentials"));
    }
    whole.add("--");
    whole.addAll(command);
    return whole;
  }

  @Override
  public Path here(Path file) {
    return Path.of("/proc/" + holder.pid() + "/root" + file.toAbsolutePath());
  }

  @Override
  public boolean tryLeave(long bytes) throws IOException {
    // The pictures' part is the smaller one.
    Path folder = here(home.resolve("store"));
    long surplus = folder.toFile().getUsableSpace() - bytes;
    append(folder, new byte[(int) Math.max(0, surplus)]);
    return true;
  }

  @Override
  public void fill(ProcessHandle process) throws IOException {
    fill(here(home));
    fill(here(home.resolve("store")));
  }

  @Override
  public void fillStore() throws IOException {
    fill(here(home.resolve("store")));
  }

  private static void fill(Path folder) {
    for (int block = 1 << 20; block > 0; block /= 16) {
      try {
        while (true) {
          append(folder, new byte[block]);
        }
      } catch (IOException e) {
        // Not a block of this size any more.
      }
    }
  }

  private static void append(Path folder, byte[] bytes) throws IOException {
    try (OutputStream out =
        Files.newOutputStream(
            folder.resolve(FILLER), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      out.write(bytes);
    }
  }

  @Override
  public void free() throws IOException {
    Files.deleteIfExists(here(home.resolve(FILLER)));
    Files.deleteIfExists(here(home.resolve("store").resolve(FILLER)));
  }

  @Override
  public void close() {
    holder.destroyForcibly();
  }
}
