package dev.moongate.api.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.openai.core.http.StreamResponse;
import com.openai.models.images.ImageGenCompletedEvent;
import com.openai.models.images.ImageGenStreamEvent;
import dev.moongate.testing.EventClient;
import dev.moongate.testing.EventClient.Block;
import dev.moongate.testing.MoongateHarness.Answer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Requirements 35 and 36: what becomes of {@code stream: true}. */
class StreamingTest extends ClientRequirements {
  /**
   * A JSON answer would end an SDK's stream with no picture and no error; openai-node accepts JSON.
   */
  @Test
  void requirement35_aStreamIsNeverAnsweredWith200AndJson() {
    Answer streamed = moongate.generate(body(",'stream':true"), "Accept", "application/json");
    assertThat(streamed.header("content-type")).isEqualTo("text/event-stream");
    try (StreamResponse<ImageGenStreamEvent> events =
        openAi().build().images().generateStreaming(params().build())) {
      assertThat(events.stream().filter(ImageGenStreamEvent::isGenerationCompleted)).hasSize(1);
    }
    Answer refused = moongate.generate(body(",'stream':true,'response_format':'url'"));
    assertThat(refused.error()).isEqualTo("400 invalid_value");
  }

  /** Every member that SDKs demand but {@code usage}, of which nothing is known. */
  @Test
  void requirement36_eventsHaveTheNamesAndMembersOfOpenAi() {
    try (EventClient stream = moongate.stream(body(",'stream':true"))) {
      assertThat(stream.next().name()).as("a comment comes first").isNull();
      Block completed = stream.nextNews();
      assertThat(completed.name()).isEqualTo("image_generation.completed");
      JsonNode event = completed.json();
      assertThat(event.path("type").stringValue()).isEqualTo(completed.name());
      assertThat(event.path("b64_json").isString()).isTrue();
      assertThat(event.path("created_at").isIntegralNumber()).isTrue();
      assertThat(event.path("size").stringValue()).isEqualTo("12x12");
      assertThat(List.of("png", "jpeg", "webp"))
          .contains(event.path("output_format").stringValue());
      assertThat(List.of("low", "medium", "high", "auto"))
          .contains(event.path("quality").stringValue());
      assertThat(List.of("transparent", "opaque", "auto"))
          .contains(event.path("background").stringValue());
      assertThat(event.has("url")).isFalse();
      assertThat(event.has("usage")).isFalse();
      assertThat(event.has("error")).isFalse();
    }
  }

  @Test
  void requirement36_whatSdksDoNotKnowPassesThemBy() {
    try (StreamResponse<ImageGenStreamEvent> events =
        openAi().build().images().generateStreaming(params().build())) {
      List<ImageGenStreamEvent> all = events.stream().toList();
      assertThat(all).hasSizeGreaterThan(1);
      assertThat(all.stream().flatMap(event -> event.generationCompleted().stream()))
          .singleElement()
          .extracting(ImageGenCompletedEvent::b64Json)
          .asString()
          .startsWith("iVBORw0KGgo");
    }
  }

  @Test
  void requirement36_anErrorHasAnEventOfItsOwnWithTheEnvelope() {
    upstream.state("FAILED");
    Answer answer = moongate.generate(body(",'stream':true"));
    assertThat(new String(answer.bytes(), StandardCharsets.UTF_8))
        .contains("event: error\ndata: {\"error\":{\"message\":");
  }
}
