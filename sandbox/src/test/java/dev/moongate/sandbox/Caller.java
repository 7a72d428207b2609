package dev.moongate.sandbox;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A client of the sandbox, as plain as can be. */
final class Caller {
  static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Duration LONGEST = Duration.ofMinutes(2);

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Sandbox sandbox;

  Caller(Sandbox sandbox) {
    this.sandbox = sandbox;
  }

  record Answer(int status, JsonNode json, HttpResponse<String> raw) {
    String at(String pointer) {
      return json.at(pointer).asString("");
    }
  }

  static String body(String prompt, String parameters) {
    return "{\"model\":\"wan2.7-image-pro\",\"input\":{\"messages\":[{\"role\":\"user\",\"content\":[{\"text\":\""
        + prompt
        + "\"}]}]},\"parameters\":"
        + parameters
        + "}";
  }

  Answer async(String body) throws Exception {
    return post("/services/aigc/image-generation/generation", body, "X-DashScope-Async", "enable");
  }

  Answer sync(String body) throws Exception {
    return post("/services/aigc/multimodal-generation/generation", body);
  }

  Answer post(String path, String body, String... headers) throws Exception {
    return send(request(path, headers).POST(BodyPublishers.ofString(body)).build());
  }

  Answer get(String path) throws Exception {
    return send(request(path).GET().build());
  }

  HttpResponse<byte[]> download(String link, String... headers) throws Exception {
    var request = HttpRequest.newBuilder(URI.create(link)).timeout(LONGEST);
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), BodyHandlers.ofByteArray());
  }

  private HttpRequest.Builder request(String path, String... headers) {
    var request = HttpRequest.newBuilder(URI.create(sandbox.baseUrl() + path)).timeout(LONGEST);
    if (headers.length == 0 || !List.of(headers).contains("Authorization")) {
      request.header("Authorization", "Bearer sk-test");
    }
    if (headers.length > 0) {
      request.headers(headers);
    }
    return request.header("Content-Type", "application/json");
  }

  private Answer send(HttpRequest request) throws IOException, InterruptedException {
    HttpResponse<String> raw = client.send(request, BodyHandlers.ofString());
    boolean json =
        raw.headers().firstValue("content-type").orElse("").startsWith("application/json");
    JsonNode body =
        json && !raw.body().isEmpty() ? JSON.readTree(raw.body()) : JSON.createObjectNode();
    return new Answer(raw.statusCode(), body, raw);
  }

  /** Polls until the task is in no state in which it goes on; the test's time limit ends it. */
  Answer end(String taskId) throws Exception {
    while (true) {
      Answer answer = get("/tasks/" + taskId);
      String status = answer.at("/output/task_status");
      if (!List.of("PENDING", "RUNNING", "UNKNOWN").contains(status)) {
        return answer;
      }
      LockSupport.parkNanos(10_000_000);
    }
  }

  Answer generate(String prompt, String parameters) throws Exception {
    return end(async(body(prompt, parameters)).at("/output/task_id"));
  }

  static List<String> links(JsonNode json) {
    List<String> links = new ArrayList<>();
    for (JsonNode choice : json.at("/output/choices")) {
      for (JsonNode item : choice.at("/message/content")) {
        if (item.has("image")) {
          links.add(item.get("image").stringValue());
        }
      }
    }
    return links;
  }
}
