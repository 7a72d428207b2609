package dev.moongate.sandbox.task;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * The tasks on the disk: each state of each task is a line, the last line of a task is the truth.
 * Opening it drops what is over and older than the vendor keeps.
 */
final class TaskLog implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final DurableLog log;
  private final List<Task> found;

  private TaskLog(DurableLog log, List<Task> found) {
    this.log = log;
    this.found = found;
  }

  static TaskLog open(Path file, Instant now) throws IOException {
    Map<String, Task> last = new LinkedHashMap<>();
    for (String line : DurableLog.lines(file)) {
      Task task = JSON.readValue(line, Task.class);
      last.put(task.id(), task);
    }
    List<Task> kept = new ArrayList<>(last.values());
    kept.removeIf(task -> task.purged(now));
    rewrite(file, kept);
    return new TaskLog(new DurableLog(file), kept);
  }

  private static void rewrite(Path file, List<Task> tasks) throws IOException {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    Files.write(fresh, tasks.stream().map(JSON::writeValueAsString).toList());
    try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** The tasks that were there when the log was opened. */
  List<Task> found() {
    return found;
  }

  void write(Task task) {
    log.append(JSON.writeValueAsString(task));
  }

  @Override
  public void close() throws IOException {
    log.close();
  }
}
