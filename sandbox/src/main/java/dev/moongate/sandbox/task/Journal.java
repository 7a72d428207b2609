package dev.moongate.sandbox.task;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What happened here, a JSON line each, never rewritten: {@code submit}, {@code refused}, {@code
 * end}, {@code cancel}, {@code download}. It never holds a key or a prompt.
 */
public final class Journal implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final DurableLog log;
  private final Clock clock;

  public Journal(Path file, Clock clock) throws IOException {
    this.log = new DurableLog(file);
    this.clock = clock;
  }

  /** Who submitted what, as far as the journal may know it. */
  public record Submit(
      String requestId, String apiKeyId, String bodySha256, @Nullable String clientRequestId) {}

  public void submitted(Submit submit, Task task) {
    ObjectNode line = line("submit", submit);
    line.put("task_id", task.id());
    line.put("mode", task.sync() ? "sync" : "async");
    line.put("image_count", task.pictures());
    append(line);
  }

  public void refused(Submit submit, int status, String code) {
    ObjectNode line = line("refused", submit);
    line.put("status", status);
    line.put("code", code);
    append(line);
  }

  void ended(Task task) {
    ObjectNode line = line("end");
    line.put("task_id", task.id());
    line.put("request_id", task.requestId());
    line.put("api_key_id", task.apiKeyId());
    line.put("status", task.status().name());
    line.put("image_count", task.status() == Status.SUCCEEDED ? task.pictures() : 0);
    append(line);
  }

  public void canceled(Task task, String requestId) {
    ObjectNode line = line("cancel");
    line.put("task_id", task.id());
    line.put("request_id", requestId);
    append(line);
  }

  public void downloaded(Task task, int index, int status) {
    ObjectNode line = line("download");
    line.put("task_id", task.id());
    line.put("picture", index);
    line.put("status", status);
    append(line);
  }

  private ObjectNode line(String event, Submit submit) {
    ObjectNode line = line(event);
    line.put("request_id", submit.requestId());
    line.put("api_key_id", submit.apiKeyId());
    line.put("body_sha256", submit.bodySha256());
    if (submit.clientRequestId() != null) {
      line.put("x_request_id", submit.clientRequestId());
    }
    return line;
  }

  private ObjectNode line(String event) {
    ObjectNode line = JSON.createObjectNode();
    line.put("time", clock.instant().toString());
    line.put("event", event);
    return line;
  }

  private void append(ObjectNode line) {
    log.append(JSON.writeValueAsString(line));
  }

  @Override
  public void close() throws IOException {
    log.close();
  }
}
