package dev.moongate.api;

import static dev.moongate.testing.DashScopeScripts.ASYNC;
import static dev.moongate.testing.DashScopeScripts.TASK;
import static dev.moongate.testing.DashScopeScripts.accepted;
import static dev.moongate.testing.DashScopeScripts.delivering;
import static dev.moongate.testing.DashScopeScripts.error;
import static dev.moongate.testing.DashScopeScripts.png;
import static dev.moongate.testing.DashScopeScripts.running;
import static dev.moongate.testing.StandInUpstream.bytes;
import static dev.moongate.testing.StandInUpstream.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.moongate.provider.ImageProvider.Mode;
import dev.moongate.testing.Await;
import dev.moongate.testing.EventClient;
import dev.moongate.testing.EventClient.Block;
import dev.moongate.testing.MoongateHarness;
import dev.moongate.testing.MoongateHarness.Answer;
import dev.moongate.testing.RawClient;
import dev.moongate.testing.TaskUpstream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A stream that is asked for again, that its client leaves, or that the gateway must leave. */
class StreamResendTest extends StreamFixture {
  private static final String STREAM =
      "{\"model\":\"wan2.7-image-pro\",\"prompt\":\"x\",\"stream\":true}";
  private static final String KEY = "Idempotency-Key";

  @Test
  void theSameNameStreamsTheStoredPicturesAgainAndPaysOnce() {
    delivering(upstream, png(10, 10, 1), png(11, 11, 2));
    String two = STREAM.replace("\"stream\"", "\"n\":2,\"stream\"");
    List<Block> first = pictures(two, "once", null);
    assertThat(first).hasSize(2);
    assertThat(pictures(two, "once", "true"))
        .extracting(block -> block.json().path("b64_json"))
        .containsExactlyInAnyOrderElementsOf(
            first.stream().map(block -> block.json().path("b64_json")).toList());
    Answer whole =
        moongate.generate(
            two.replace("\"stream\":true", "\"response_format\":\"b64_json\""), KEY, "once");
    assertThat(whole.json().path("data")).as("the same asked for without a stream").hasSize(2);
    assertThat(upstream.received(ASYNC)).hasSize(1);
    assertThat(moongate.rows("SELECT kind, amount FROM ledger WHERE kind = 'CHARGE'"))
        .containsExactly("CHARGE|1000000");
  }

  private List<Block> pictures(String body, String name, String replayed) {
    try (EventClient stream = moongate.stream(body, KEY, name)) {
      assertThat(stream.header("idempotent-replayed")).isEqualTo(replayed);
      List<Block> pictures = List.of(stream.nextNews(), stream.nextNews());
      assertThat(pictures).extracting(Block::name).containsOnly("image_generation.completed");
      assertThat(stream.nextNews().name()).isEqualTo("image_generation.done");
      return pictures;
    }
  }

  @Test
  void aFailureOfBeforeIsAStatusAndNoEvent() {
    upstream.respond(ASYNC, json(400, error("DataInspectionFailed", "no")));
    // Fails so soon that this may be an event or a status.
    assertThat(text(moongate.generate(STREAM, KEY, "refused")))
        .contains("content_policy_violation");
    Answer again = moongate.generate(STREAM, KEY, "refused");
    assertThat(again.error()).isEqualTo("400 content_policy_violation");
    assertThat(again.header("idempotent-replayed")).isEqualTo("true");
  }

  @Test
  void anSdkThatSendsItsRequestAgainJoinsTheStreamThatRuns() {
    upstream.respond(ASYNC, accepted());
    upstream.respond(TASK, running());
    try (EventClient dropped = moongate.stream(STREAM, "X-Stainless-Retry-Count", "0")) {
      String id = dropped.header("x-moongate-generation");
      try (EventClient again = moongate.stream(STREAM, "X-Stainless-Retry-Count", "1")) {
        assertThat(again.header("x-moongate-generation")).isEqualTo(id);
        delivering(upstream, png(10, 10, 1));
        assertThat(again.nextNews().name()).isEqualTo("image_generation.completed");
        assertThat(dropped.nextNews().name()).isEqualTo("image_generation.completed");
      }
    }
  }

  @Test
  void aClientThatLeavesIsNoticedAndStopsNothing() throws IOException {
    upstream.respond(ASYNC, accepted());
    upstream.respond(TASK, running());
    try (RawClient client = new RawClient(moongate.port()).reading()) {
      send(client);
      Await.until("it runs", () -> client.soFar().contains("image_generation.running"));
    }
    Await.until(
        "its request has ended",
        () ->
            text(moongate.get("/metrics"))
                .contains(
                    "http_requests_seconds_count{method=\"POST\",route=\"/v1/images/generations\""));
    Await.until(
        "it goes on", () -> moongate.rows("SELECT state FROM generation").contains("SUBMITTED"));
    delivering(upstream, png(10, 10, 1));
    Await.until(
        "it has succeeded",
        () -> moongate.rows("SELECT state FROM generation").equals(List.of("SUCCEEDED")));
    assertThat(upstream.received(ASYNC)).hasSize(1);
  }

  @Test
  void aReaderThatTakesNothingKeepsNobodyFromAnythingAndTheGatewayStopsInTime() throws IOException {
    try (TaskUpstream tasks = new TaskUpstream()) {
      tasks.http().respond("/picture.png", bytes(200, "image/png", png(2000, 2000, 1)));
      moongate.close();
      moongate = MoongateHarness.before(home, tasks.http().uri(), Mode.ASYNC);
      try (RawClient stalled = new RawClient(moongate.port())) {
        send(stalled);
        Await.until(
            "its picture is stored and paid for",
            () -> moongate.rows("SELECT state FROM generation").equals(List.of("SUCCEEDED")));
        try (EventClient other = moongate.stream(STREAM)) {
          assertThat(other.nextNews().name()).isEqualTo("image_generation.completed");
          assertThat(other.nextNews().name()).isEqualTo("image_generation.done");
        }
        long begin = System.nanoTime();
        moongate.close();
        // One that waited for its reader would wait for minutes.
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofMinutes(1));
      }
    }
  }

  @Test
  void theEndOfTheGatewayIsTheLastEventAndTheNextStartGoesOn() {
    upstream.respond(ASYNC, accepted());
    upstream.respond(TASK, running());
    try (EventClient stream = moongate.stream(STREAM)) {
      Await.until(
          "it runs", () -> moongate.rows("SELECT state FROM generation").contains("SUBMITTED"));
      CompletableFuture<Void> closed = CompletableFuture.runAsync(moongate::close);
      Block last = stream.nextNews();
      assertThat(last.name()).isEqualTo("error");
      assertThat(last.json().at("/error/code").stringValue()).isEqualTo("shutting_down");
      assertThat(last.json().path("id").stringValue())
          .isEqualTo(stream.header("x-moongate-generation"));
      assertThat(stream.next()).isNull();
      closed.join();
    }
    assertThat(moongate.rows("SELECT state FROM generation")).containsExactly("SUBMITTED");
  }

  private void send(RawClient client) throws IOException {
    client
        .head(
            "POST /v1/images/generations HTTP/1.1|Host: x|Authorization: Bearer %s|Content-Type: application/json|Content-Length: %d"
                .formatted(moongate.key().text(), STREAM.length()))
        .send(STREAM.getBytes(StandardCharsets.UTF_8));
  }

  private static String text(Answer answer) {
    return new String(answer.bytes(), StandardCharsets.UTF_8);
  }
}
