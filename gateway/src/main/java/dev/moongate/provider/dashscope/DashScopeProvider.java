package dev.moongate.provider.dashscope;

import dev.moongate.provider.ApiKey;
import dev.moongate.provider.CallOutcome;
import dev.moongate.provider.CallOutcome.Answered;
import dev.moongate.provider.HttpCall;
import dev.moongate.provider.HttpCalls;
import dev.moongate.provider.ImageProvider;
import dev.moongate.provider.Pace;
import dev.moongate.provider.ProviderOutcome;
import dev.moongate.provider.StreamedBody;
import dev.moongate.provider.Submission;
import dev.moongate.provider.TaskListing;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * One base address of DashScope, in one mode. Reads nothing and keeps nothing between calls; the
 * {@link HttpCalls} are shared and not closed with it.
 */
public final class DashScopeProvider implements ImageProvider {
  private static final String API = "/api/v1";
  private static final String SYNC_PATH = "/services/aigc/multimodal-generation/generation";
  private static final String ASYNC_PATH = "/services/aigc/image-generation/generation";
  private static final int LARGEST_PICTURES_ANSWER = 8 << 20;
  private static final int LARGEST_TASK_ANSWER = 1 << 20;
  private static final Duration POLL_TIMEOUT = Duration.ofSeconds(15);

  private final String base;
  private final Mode mode;
  private final HttpCalls calls;
  private final JsonMapper json =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();
  private final RequestWriter writer = new RequestWriter(json);
  private final ResponseReader reader;
  private final TaskLister lister;

  /**
   * @param base with or without {@code /api/v1}
   * @param clock for the date form of Retry-After only
   */
  public DashScopeProvider(URI base, Mode mode, HttpCalls calls, InstantSource clock) {
    String text = base.toString().replaceAll("/+$", "");
    this.base = text.endsWith(API) ? text : text + API;
    this.mode = mode;
    this.calls = calls;
    this.reader = new ResponseReader(json, new Refusals(clock));
    this.lister = new TaskLister(json, (path, key) -> calls.ask(call("GET", path, key)));
  }

  @Override
  public Mode mode() {
    return mode;
  }

  @Override
  public ProviderOutcome.OfSubmit submit(Submission submission) {
    StreamedBody body;
    try {
      body = writer.write(submission);
    } catch (UncheckedIOException | JacksonException unwritable) {
      return new ProviderOutcome.Unwritable(String.valueOf(unwritable.getMessage()));
    }
    Map<String, String> headers = new HashMap<>(headersFor(submission.key()));
    headers.put("Content-Type", "application/json");
    if (mode == Mode.ASYNC) {
      headers.put("X-DashScope-Async", "enable");
    }
    HttpCall call =
        new HttpCall(
            "POST",
            submitUri(),
            headers,
            body,
            mode == Mode.ASYNC ? LARGEST_TASK_ANSWER : LARGEST_PICTURES_ANSWER,
            submission.timeout());
    return reader.readSubmit(calls.submit(call, submission.maySend()), submission.key());
  }

  @Override
  public ProviderOutcome.OfPoll poll(String taskId, ApiKey key) {
    CallOutcome outcome = calls.ask(call("GET", "/tasks/" + requireTaskId(taskId), key));
    return reader.readPoll(taskId, outcome, key);
  }

  @Override
  public boolean tryCancel(String taskId, ApiKey key) {
    CallOutcome outcome =
        calls.ask(call("POST", "/tasks/" + requireTaskId(taskId) + "/cancel", key));
    return outcome instanceof Answered answered
        && answered.status() == 200
        && Answer.parse(json, answered, key).filter(answer -> answer.code() == null).isPresent();
  }

  @Override
  public TaskListing tasks(@Nullable Instant since, ApiKey key, Pace pace) {
    return lister.list(since, key, pace);
  }

  @Override
  public String address() {
    return "POST " + submitUri();
  }

  private URI submitUri() {
    return URI.create(base + (mode == Mode.ASYNC ? ASYNC_PATH : SYNC_PATH));
  }

  @Override
  public String preview(Submission submission) {
    return writer.write(submission).preview();
  }

  private HttpCall call(String method, String path, ApiKey key) {
    return new HttpCall(
        method, URI.create(base + path), headersFor(key), null, LARGEST_TASK_ANSWER, POLL_TIMEOUT);
  }

  private static Map<String, String> headersFor(ApiKey key) {
    return Map.of("Authorization", "Bearer " + key.secret(), "Accept", "application/json");
  }

  // Ids come from the provider through the database; one that is no id must not become a path.
  private static String requireTaskId(String taskId) {
    if (!Answer.isTaskId(taskId)) {
      throw new IllegalArgumentException("not a task id");
    }
    return taskId;
  }

  @Override
  public void close() {
    // The HTTP clients are shared.
  }
}
