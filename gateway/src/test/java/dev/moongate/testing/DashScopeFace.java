package dev.moongate.testing;

import dev.moongate.testing.MoongateHarness.Answer;
import java.net.http.HttpRequest;
import tools.jackson.databind.JsonNode;

/** A gateway as the clients of the vendor's own API see it. */
public record DashScopeFace(MoongateHarness moongate) {
  public static final String SYNC = DashScopeScripts.SYNC;
  public static final String ASYNC = DashScopeScripts.ASYNC;
  public static final String TASKS = "/api/v1/tasks";

  /** A body with one text and these parameters. */
  public static String body(String text, String parameters) {
    return """
    {"model":"wan2.7-image-pro","input":{"messages":[{"role":"user","content":[{"text":"%s"}]}]},"parameters":%s}\
    """
        .formatted(text, parameters);
  }

  /** Waits for the pictures; headers as name and value in turns. */
  public Answer sync(String body, String... headers) {
    return post(SYNC, body, headers);
  }

  /** Begins a task. */
  public Answer async(String body, String... headers) {
    HttpRequest.Builder request = request(ASYNC, body).header("X-DashScope-Async", "enable");
    return moongate.send(headers.length == 0 ? request : request.headers(headers));
  }

  /** The id of a task that was begun with this body. */
  public String begun(String body) {
    return async(body).json().path("output").path("task_id").stringValue();
  }

  public Answer post(String path, String body, String... headers) {
    HttpRequest.Builder request = request(path, body);
    return moongate.send(headers.length == 0 ? request : request.headers(headers));
  }

  private HttpRequest.Builder request(String path, String body) {
    return HttpRequest.newBuilder(moongate.uri().resolve(path))
        .header("Authorization", "Bearer " + moongate.key().text())
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(body));
  }

  public JsonNode task(String id) {
    return moongate.get(TASKS + "/" + id).json();
  }

  public String status(String id) {
    return task(id).path("output").path("task_status").stringValue();
  }

  /** The task when it has this status. */
  public JsonNode await(String id, String status) {
    Await.until(id + " is " + status, () -> status(id).equals(status));
    return task(id);
  }

  public Answer cancel(String id) {
    return post(TASKS + "/" + id + "/cancel", "");
  }
}
