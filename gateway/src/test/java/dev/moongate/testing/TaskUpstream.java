package dev.moongate.testing;

import static dev.moongate.testing.StandInUpstream.bytes;
import static dev.moongate.testing.StandInUpstream.json;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An upstream that keeps tasks, each with one picture, lists them as the vendor does, and loses the
 * answers of the submits that a test names.
 */
public final class TaskUpstream implements AutoCloseable {
  /** What becomes of a submit. */
  public enum Fate {
    /** Accepted and answered. */
    ANSWERED,
    /** Accepted; the connection ends instead of an answer. */
    ACCEPTED_UNANSWERED,
    /** Accepted, and answered with the id of the task before. */
    ANSWERED_WITH_ANOTHER,
    /** Dropped; the connection ends. */
    DROPPED,
    /** Dropped; the connection stays, and nothing comes. */
    SILENT
  }

  /**
   * A task as the vendor keeps it.
   *
   * @param key the id of the key that made it
   */
  public record Task(String id, String key, long created, String body) {}

  private final StandInUpstream upstream = new StandInUpstream();
  private final List<Fate> fates = new ArrayList<>();
  private final List<Task> tasks = new ArrayList<>();
  private final AtomicInteger submits = new AtomicInteger();
  private final AtomicInteger lists = new AtomicInteger();
  private volatile InstantSource clock = InstantSource.system();
  private volatile int listStatus = 200;
  private volatile int largestPage = 100;
  private volatile String state = "SUCCEEDED";

  public TaskUpstream() {
    upstream.respond("/picture.png", bytes(200, "image/png", DashScopeScripts.png(12, 12, 7)));
    answersSubmits();
    upstream.respond("/api/v1/tasks/", this::list);
  }

  /** The next submits, one after another; after them all are answered. */
  public TaskUpstream fates(Fate... next) {
    synchronized (this) {
      fates.addAll(List.of(next));
    }
    return this;
  }

  /** What the tasks' times are taken from. */
  public TaskUpstream clock(InstantSource times) {
    clock = times;
    return this;
  }

  /** Takes submits in again, after a test has put something else in their place. */
  public TaskUpstream answersSubmits() {
    upstream.respond(DashScopeScripts.ASYNC, this::submit);
    return this;
  }

  /** What polls say of every task from now on. */
  public TaskUpstream state(String shown) {
    state = shown;
    return this;
  }

  /** What the list answers with, if not 200. */
  public TaskUpstream listStatus(int status) {
    listStatus = status;
    return this;
  }

  /** How many tasks a page of the list has, at most. */
  public TaskUpstream largestPage(int size) {
    largestPage = size;
    return this;
  }

  /** A task that somebody else made. */
  public synchronized TaskUpstream stranger(String id, String key, long created) {
    add(new Task(id, key, created, "{}"));
    return this;
  }

  /** The list shows nothing of what was made until now, as the vendor's does a day later. */
  public synchronized TaskUpstream forget() {
    tasks.clear();
    return this;
  }

  public StandInUpstream http() {
    return upstream;
  }

  public int submits() {
    return submits.get();
  }

  public int lists() {
    return lists.get();
  }

  public synchronized List<Task> tasks() {
    return List.copyOf(tasks);
  }

  /** The handler of submits, for scripts that begin with others. */
  public void submit(StandInUpstream.Received request, StandInUpstream.Reply reply)
      throws Exception {
    Fate fate;
    Task task;
    synchronized (this) {
      submits.incrementAndGet();
      fate = fates.isEmpty() ? Fate.ANSWERED : fates.removeFirst();
      task =
          new Task(
              "task-" + (tasks.size() + 1),
              "id-of-" + request.header("authorization").substring(7),
              clock.millis(),
              request.bodyText());
      if (fate != Fate.DROPPED && fate != Fate.SILENT) {
        add(task);
      }
    }
    if (fate == Fate.ANSWERED || fate == Fate.ANSWERED_WITH_ANOTHER) {
      String id = fate == Fate.ANSWERED ? task.id() : before(task).id();
      reply.send(
          200,
          java.util.Map.of("Content-Type", "application/json"),
          "{\"request_id\":\"r\",\"output\":{\"task_id\":\"%s\",\"task_status\":\"PENDING\"}}"
              .formatted(id));
    } else if (fate == Fate.SILENT) {
      reply.hang();
    } else {
      reply.close();
    }
  }

  private synchronized Task before(Task task) {
    return tasks.get(tasks.indexOf(task) - 1);
  }

  private void add(Task task) {
    tasks.add(task);
    upstream.respond(
        "/api/v1/tasks/" + task.id(), (_, reply) -> json(200, poll(task)).handle(null, reply));
    upstream.respond(
        "/api/v1/tasks/" + task.id() + "/cancel",
        (_, reply) -> {
          boolean pending = state.equals("PENDING");
          if (pending) {
            state = "CANCELED";
          }
          json(
                  pending ? 200 : 400,
                  pending
                      ? "{\"request_id\":\"c\"}"
                      : DashScopeScripts.error("UnsupportedOperation", "not pending"))
              .handle(null, reply);
        });
  }

  private String poll(Task task) {
    return state.equals("SUCCEEDED")
        ? DashScopeScripts.succeeded(List.of(upstream.url("/picture.png")))
            .replace("task-1", task.id())
        : "{\"request_id\":\"p\",\"output\":{\"task_id\":\"%s\",\"task_status\":\"%s\"}}"
            .formatted(task.id(), state);
  }

  private void list(StandInUpstream.Received request, StandInUpstream.Reply reply)
      throws Exception {
    lists.incrementAndGet();
    List<Task> all = tasks().reversed();
    int page = Integer.parseInt(request.target().replaceAll(".*page_no=(\\d+).*", "$1"));
    List<String> items = new ArrayList<>();
    for (Task task : all.stream().skip((page - 1L) * largestPage).limit(largestPage).toList()) {
      items.add(
          "{\"task_id\":\"%s\",\"status\":\"RUNNING\",\"api_key_id\":\"%s\",\"model_name\":\"wan2.7-image-pro\",\"gmt_create\":%d}"
              .formatted(task.id(), task.key(), task.created()));
    }
    json(
            listStatus,
            listStatus == 200
                ? "{\"request_id\":\"l\",\"total\":%d,\"total_page\":%d,\"page_no\":%d,\"page_size\":%d,\"data\":[%s]}"
                    .formatted(
                        all.size(),
                        Math.ceilDiv(all.size(), largestPage),
                        page,
                        largestPage,
                        String.join(",", items))
                : DashScopeScripts.error("Odd", "no list"))
        .handle(request, reply);
  }

  @Override
  public void close() {
    upstream.close();
  }
}
