package dev.moongate.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * For who may not mount: the ordinary disk, where "full" is the kernel's limit on the size of a
 * process's files, which fails writes as a full disk does, only with EFBIG. A full store is one
 * whose folder for unfinished pictures is no folder.
 */
final class LimitedDisk implements Disk {
  private static final String LIMIT = "--fsize=4096";

  private final Path unfinished;
  private final Path aside;
  private boolean full;

  LimitedDisk(Path home) {
    this.unfinished = home.resolve("store").resolve(".tmp");
    this.aside = home.resolveSibling("tmp-aside");
  }

  @Override
  public List<String> inside(List<String> command) {
    List<String> whole = new ArrayList<>(full ? List.of("prlimit", LIMIT) : List.of());
    whole.addAll(command);
    return whole;
  }

  @Override
  public Path here(Path file) {
    return file;
  }

  @Override
  public boolean tryLeave(long bytes) {
    return false;
  }

  @Override
  public void fill(ProcessHandle process) throws IOException, InterruptedException {
    full = true;
    Process prlimit =
        new ProcessBuilder("prlimit", LIMIT, "--pid", Long.toString(process.pid()))
            .inheritIO()
            .start();
    assertThat(prlimit.waitFor()).as("prlimit's exit").isZero();
  }

  @Override
  public void fillStore() throws IOException {
    Files.move(unfinished, aside);
    Files.createFile(unfinished);
  }

  @Override
  public void free() throws IOException {
    full = false;
    if (Files.exists(aside)) {
      Files.delete(unfinished);
      Files.move(aside, unfinished);
    }
  }

  @Override
  public void close() {
    // Nothing was taken.
  }
}
