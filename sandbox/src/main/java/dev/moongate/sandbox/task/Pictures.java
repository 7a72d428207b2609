package dev.moongate.sandbox.task;

import dev.moongate.sandbox.paint.Painter;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.function.Predicate;

/** The picture files of the tasks. A file is whole and on the disk under its name, or not there. */
public final class Pictures {
  private final Path folder;

  public Pictures(Path folder) throws IOException {
    this.folder = Files.createDirectories(folder);
  }

  public Path file(Task task, int index) {
    return folder.resolve(task.pictureName(index));
  }

  void paint(Task task) throws IOException {
    for (int i = 0; i < task.pictures(); i++) {
      Path file = file(task, i);
      if (!Files.exists(file)) {
        paint(task, i, file);
      }
    }
  }

  private static void paint(Task task, int index, Path file) throws IOException {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    try (var out = new BufferedOutputStream(Files.newOutputStream(fresh), 1 << 16)) {
      Painter.paint(task.ask(), index, out);
    }
    try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Deletes the files of tasks that are not kept any more; those of others may be half drawn. */
  void sweep(Predicate<String> keeps) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.png*")) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        int end = name.lastIndexOf('-');
        if (end < 0 || !keeps.test(name.substring(0, end))) {
          Files.deleteIfExists(file);
        }
      }
    }
  }
}
