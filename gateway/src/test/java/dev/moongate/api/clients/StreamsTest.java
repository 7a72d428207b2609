package dev.moongate.api.clients;

import static dev.moongate.testing.DashScopeScripts.ASYNC;
import static dev.moongate.testing.DashScopeScripts.TASK;
import static dev.moongate.testing.DashScopeScripts.accepted;
import static dev.moongate.testing.StandInUpstream.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.openai.models.images.ImageGenStreamEvent;
import dev.moongate.testing.EventClient;
import dev.moongate.testing.EventClient.Block;
import dev.moongate.testing.MoongateHarness.Answer;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Requirements 35 and 36: {@code stream: true}. */
class StreamsTest extends ClientRequirements {
  private static final String STREAM = body(",'stream':true");

  /** OpenAI's SDKs end such a stream without a word if a 200 is JSON. */
  @Test
  void requirement35_whoAsksForAStreamGetsOneOrARefusal() {
    for (String accept : List.of("application/json", "text/event-stream", "*/*")) {
      try (EventClient stream = moongate.stream(STREAM, "Accept", accept)) {
        assertThat(stream.status()).isEqualTo(200);
        assertThat(stream.header("content-type")).startsWith("text/event-stream");
      }
    }
    try (var events = openAi().build().images().generateStreaming(params().build())) {
      assertThat(events.stream().filter(ImageGenStreamEvent::isGenerationCompleted)).hasSize(1);
    }
    Answer refused = moongate.generate(body(",'stream':true,'response_format':'url'"));
    assertThat(refused.error()).isEqualTo("400 invalid_value");
    assertThat(refused.header("content-type")).isEqualTo("application/json");
  }

  @Test
  void requirement36_picturesComeAsOpenAisEventsWithBase64() {
    try (EventClient stream = moongate.stream(STREAM)) {
      Block picture = after(stream, "image_generation.completed");
      JsonNode event = picture.json();
      assertThat(event.path("type").stringValue()).isEqualTo("image_generation.completed");
      assertThat(Base64.getDecoder().decode(event.path("b64_json").stringValue()))
          .startsWith(0x89, 'P', 'N', 'G');
      assertThat(event.path("created_at").isIntegralNumber()).isTrue();
      assertThat(event.has("url")).isFalse();
    }
  }

  @Test
  void requirement36_errorsComeAsAnEventInTheOneEnvelope() {
    upstream
        .http()
        .respond(ASYNC, accepted())
        .respond(
            TASK,
            json(
                200,
                """
                {"request_id":"r","output":{"task_id":"task-1","task_status":"FAILED",\
                "code":"DataInspectionFailed","message":"no"}}\
                """));
    try (EventClient stream = moongate.stream(STREAM)) {
      JsonNode error = after(stream, "error").json().path("error");
      assertThat(error.propertyNames()).containsExactly("message", "type", "param", "code");
      assertThat(error.path("code").stringValue()).isEqualTo("content_policy_violation");
      assertThat(stream.next()).isNull();
    }
  }

  /** The next block of this name, past comments and progress. */
  private static Block after(EventClient stream, String name) {
    Block block = stream.next();
    while (block != null && !name.equals(block.name())) {
      block = stream.next();
    }
    assertThat(block).as(name).isNotNull();
    return block;
  }
}
