package dev.moongate.api;

import static dev.moongate.testing.DashScopeScripts.ASYNC;
import static dev.moongate.testing.DashScopeScripts.TASK;
import static dev.moongate.testing.DashScopeScripts.accepted;
import static dev.moongate.testing.DashScopeScripts.delivering;
import static dev.moongate.testing.DashScopeScripts.png;
import static dev.moongate.testing.DashScopeScripts.succeeded;
import static dev.moongate.testing.StandInUpstream.bytes;
import static dev.moongate.testing.StandInUpstream.html;
import static dev.moongate.testing.StandInUpstream.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.moongate.testing.EventClient;
import dev.moongate.testing.EventClient.Block;
import dev.moongate.testing.MoongateHarness.Answer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** {@code stream: true}: what comes, in which order, and when. */
class StreamTest extends StreamFixture {
  private static final String STREAM = body("\"stream\":true");
  private static final String COMPLETED = "image_generation.completed";

  @Test
  void eachPictureComesWhenItIsStoredAndNotWhenAllAre() {
    List<byte[]> pictures = List.of(png(40, 30, 1), png(50, 20, 2), png(60, 10, 3));
    delivering(upstream, pictures.toArray(byte[][]::new));
    CompletableFuture<Void> first = held("/picture-0.png", pictures.get(0));
    CompletableFuture<Void> third = held("/picture-2.png", pictures.get(2));
    try (EventClient stream = moongate.stream(body("\"stream\":true,\"n\":3,\"user\":\"u\""))) {
      requirePicture(stream, 1, "50x20", pictures.get(1));
      third.complete(null);
      requirePicture(stream, 2, "60x10", pictures.get(2));
      assertThat(moongate.rows("SELECT state FROM generation")).containsExactly("FETCHING");
      assertThat(moongate.rows("SELECT kind FROM ledger ORDER BY kind"))
          .containsExactly("COST", "HOLD");
      first.complete(null);
      requirePicture(stream, 0, "40x30", pictures.get(0));
      Block last = stream.nextNews();
      assertThat(last.name()).isEqualTo("image_generation.done");
      JsonNode done = last.json();
      assertThat(done.path("type").stringValue()).isEqualTo(last.name());
      assertThat(done.path("id").stringValue()).isEqualTo(stream.header("x-moongate-generation"));
      assertThat(done.at("/cost/amount").decimalValue()).isEqualByComparingTo("1.5");
      assertThat(done.at("/warnings/0/param").stringValue()).isEqualTo("user");
      assertThat(done.at("/metadata/output/choices/0/message/content/0/image").stringValue())
          .startsWith(moongate.uri() + "/images/img_");
      assertThat(stream.next()).isNull();
    }
    assertThat(moongate.rows("SELECT state, cost FROM generation"))
        .containsExactly("SUCCEEDED|1500000");
  }

  /** The next picture is this one, and its row and its bytes are in the house already. */
  private void requirePicture(EventClient stream, int index, String size, byte[] picture) {
    Block block = stream.nextNews();
    assertThat(block.name()).isEqualTo(COMPLETED);
    JsonNode event = block.json();
    assertThat(event.propertyNames())
        .containsExactly(
            "type",
            "id",
            "index",
            "created_at",
            "size",
            "quality",
            "background",
            "output_format",
            "b64_json");
    assertThat(event.path("type").stringValue()).isEqualTo(COMPLETED);
    assertThat(event.path("id").stringValue()).isEqualTo(stream.header("x-moongate-generation"));
    assertThat(event.path("index").intValue()).isEqualTo(index);
    assertThat(event.path("created_at").longValue()).isGreaterThan(1_700_000_000L);
    assertThat(event.path("size").stringValue()).isEqualTo(size);
    assertThat(event.path("quality").stringValue()).isEqualTo("auto");
    assertThat(event.path("background").stringValue()).isEqualTo("auto");
    assertThat(event.path("output_format").stringValue()).isEqualTo("png");
    assertThat(Base64.getDecoder().decode(event.path("b64_json").stringValue())).isEqualTo(picture);
    assertThat(moongate.rows("SELECT state, bytes FROM image WHERE idx = " + index))
        .containsExactly("STORED|" + picture.length);
  }

  /** A picture that is delivered only when the test says so. */
  private CompletableFuture<Void> held(String path, byte[] picture) {
    CompletableFuture<Void> release = new CompletableFuture<>();
    upstream.respond(
        path,
        (request, reply) -> {
          release.get();
          bytes(200, "image/png", picture).handle(request, reply);
        });
    return release;
  }

  @Test
  void headersAndACommentComeAtOnceThenProgressAndHeartbeatsUntilThereIsAPicture() {
    CompletableFuture<Void> submitted = new CompletableFuture<>();
    delivering(upstream, png(10, 10, 1));
    upstream.respond(
        ASYNC,
        (request, reply) -> {
          submitted.get();
          accepted().handle(request, reply);
        });
    try (EventClient stream = moongate.stream(STREAM)) {
      assertThat(stream.header("content-type")).isEqualTo("text/event-stream");
      assertThat(stream.header("cache-control")).isEqualTo("no-store");
      assertThat(stream.header("x-accel-buffering")).isEqualTo("no");
      String id = stream.header("x-moongate-generation");
      assertThat(stream.next()).isEqualTo(new Block(null, "generation " + id));
      Block progress = stream.nextEvent();
      if (progress.name().equals("image_generation.queued")) {
        assertThat(progress.json().at("/queue/position").intValue()).isEqualTo(1);
        progress = stream.nextEvent();
      }
      assertThat(progress.name()).isEqualTo("image_generation.running");
      assertThat(progress.json().path("id").stringValue()).isEqualTo(id);
      for (int beats = 0; beats < 3; ) {
        Block block = stream.next();
        // A slow machine that misses its moment queues it once more, and says so.
        assertThat(block.name()).isNotIn(COMPLETED, "error");
        beats += block.equals(new Block(null, "still here")) ? 1 : 0;
      }
      submitted.complete(null);
      assertThat(stream.nextNews().name()).isEqualTo(COMPLETED);
      assertThat(stream.nextNews().name()).isEqualTo("image_generation.done");
      assertThat(stream.next()).isNull();
    }
  }

  @Test
  void aFailureIsTheLastEventWithTheEnvelopeAndTheId() {
    upstream.respond(ASYNC, accepted());
    CompletableFuture<Void> release = new CompletableFuture<>();
    upstream.respond(
        TASK,
        (request, reply) -> {
          release.get();
          json(
                  200,
                  """
                  {"request_id":"r","output":{"task_id":"task-1","task_status":"FAILED","code":"DataInspectionFailed","message":"no"}}\
                  """)
              .handle(request, reply);
        });
    try (EventClient stream = moongate.stream(STREAM)) {
      release.complete(null);
      Block last = stream.nextNews();
      assertThat(last.name()).isEqualTo("error");
      assertThat(last.json().path("error").propertyNames())
          .containsExactlyInAnyOrder("message", "type", "param", "code");
      assertThat(last.json().at("/error/code").stringValue()).isEqualTo("content_policy_violation");
      assertThat(last.json().path("id").stringValue())
          .isEqualTo(stream.header("x-moongate-generation"));
      assertThat(stream.next()).isNull();
    }
    assertThat(moongate.rows("SELECT kind FROM ledger ORDER BY kind"))
        .containsExactly("HOLD", "RELEASE");
  }

  @Test
  void whereSomePicturesAreLostTheStoredOnesComeAndThenTheError() {
    byte[] good = png(10, 10, 4);
    upstream.respond(ASYNC, accepted());
    upstream.respond("/dead.png", html(404));
    upstream.respond("/good.png", bytes(200, "image/png", good));
    upstream.respond(
        TASK, json(200, succeeded(List.of(upstream.url("/dead.png"), upstream.url("/good.png")))));
    try (EventClient stream = moongate.stream(body("\"stream\":true,\"n\":2"))) {
      requirePicture(stream, 1, "10x10", good);
      Block last = stream.nextNews();
      assertThat(last.name()).isEqualTo("error");
      assertThat(last.json().at("/error/code").stringValue()).isEqualTo("image_lost");
      assertThat(stream.next()).isNull();
    }
    assertThat(moongate.rows("SELECT kind, amount FROM ledger ORDER BY kind"))
        .containsExactly("CHARGE|500000", "COST|1000000", "HOLD|1000000", "RELEASE|500000");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "response_format":"url"           | 400 invalid_value | response_format
          "response_format":"png"           | 400 invalid_value | response_format
          "partial_images":4                | 400 invalid_value | partial_images
          "partial_images":-1               | 400 invalid_value | partial_images
          "partial_images":"2"              | 400 invalid_type  | partial_images
          "n":5                             | 400 invalid_value | n
          """)
  void whatIsRefusedBeforeThereIsAGenerationIsPlainJson(String member, String error, String param) {
    Answer refused = moongate.generate(body("\"stream\":true," + member));
    assertThat(refused.error()).isEqualTo(error);
    assertThat(refused.param()).isEqualTo(param);
    assertThat(refused.header("content-type")).isEqualTo("application/json");
    assertThat(moongate.rows("SELECT id FROM generation")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"respond-async", "wait=5"})
  void notWaitingAndAStreamAreTwoDifferentAnswers(String preference) {
    Answer refused = moongate.generate(STREAM, "Prefer", preference);
    assertThat(refused.error()).isEqualTo("400 invalid_value");
    assertThat(refused.param()).isEqualTo("Prefer");
    assertThat(moongate.rows("SELECT id FROM generation")).isEmpty();
  }

  @Test
  void aBudgetThatIsGoneIsStillA402() {
    JsonNode poor =
        moongate
            .admin("POST", "/keys", "{\"name\":\"poor\",\"budgets\":{\"total\":\"0.1\"}}")
            .json();
    Answer refused =
        moongate.call(poor.path("key").stringValue(), "POST", "/v1/images/generations", STREAM);
    assertThat(refused.error()).isEqualTo("402 insufficient_quota");
  }

  @Test
  void onlyAnExplicitUrlIsInTheWayOfAStreamAndNotTheDefaultOfAKey() {
    delivering(upstream, png(10, 10, 1));
    JsonNode urls =
        moongate.admin("POST", "/keys", "{\"name\":\"urls\",\"response_format\":\"url\"}").json();
    assertThat(urls.path("response_format").stringValue()).isEqualTo("url");
    Answer streamed =
        moongate.call(
            urls.path("key").stringValue(),
            "POST",
            "/v1/images/generations",
            body("\"stream\":true,\"response_format\":null,\"partial_images\":2"));
    assertThat(streamed.header("content-type")).isEqualTo("text/event-stream");
    assertThat(new String(streamed.bytes(), StandardCharsets.UTF_8))
        .contains("event: " + COMPLETED, "\"b64_json\":\"", "\"param\":\"partial_images\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"stream\":false", "\"stream\":null", "\"n\":1"})
  void nothingButTheMemberBeginsAStream(String member) {
    delivering(upstream, png(10, 10, 1));
    Answer answer = moongate.generate(body(member), "Accept", "text/event-stream");
    assertThat(answer.header("content-type")).isEqualTo("application/json");
    assertThat(answer.json().path("data")).hasSize(1);
  }

  @Test
  void aDryRunIsAnsweredAsAlways() {
    Answer asked = moongate.post("/v1/images/generations?dry_run=true", STREAM);
    assertThat(asked.json().path("would_be_admitted").booleanValue()).isTrue();
    assertThat(moongate.rows("SELECT id FROM generation")).isEmpty();
  }

  private static String body(String members) {
    return "{\"model\":\"wan2.7-image-pro\",\"prompt\":\"x\"," + members + "}";
  }
}
