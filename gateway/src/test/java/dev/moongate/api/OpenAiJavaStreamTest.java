package dev.moongate.api;

import static dev.moongate.api.OpenAiJavaTest.params;
import static dev.moongate.testing.DashScopeScripts.delivering;
import static dev.moongate.testing.DashScopeScripts.png;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.SseException;
import com.openai.models.images.ImageEditParams;
import com.openai.models.images.ImageEditStreamEvent;
import com.openai.models.images.ImageGenCompletedEvent;
import com.openai.models.images.ImageGenStreamEvent;
import dev.moongate.provider.ImageProvider.Mode;
import dev.moongate.testing.DashScopeScripts;
import dev.moongate.testing.MoongateHarness;
import dev.moongate.testing.Pictures;
import dev.moongate.testing.StandInUpstream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The official OpenAI SDK for Java, reading streams of the gateway. */
@Timeout(300)
class OpenAiJavaStreamTest {
  @TempDir private Path home;
  private final StandInUpstream upstream = new StandInUpstream();
  private final byte[] picture = png(40, 30, 1);
  private MoongateHarness moongate;
  private OpenAIClient client;

  @BeforeEach
  void start() {
    delivering(upstream, picture);
    moongate = MoongateHarness.before(home, upstream.uri(), Mode.ASYNC);
    client = OpenAiJavaTest.client(moongate.uri() + "/v1", moongate.key().text());
  }

  @AfterEach
  void stop() {
    moongate.close();
    upstream.close();
  }

  @Test
  void streamsEachPictureAndPassesOverWhatItDoesNotKnow() {
    delivering(upstream, picture, picture);
    List<ImageGenCompletedEvent> completed = new ArrayList<>();
    List<String> others = new ArrayList<>();
    try (StreamResponse<ImageGenStreamEvent> events =
        client.images().generateStreaming(params().n(2).build())) {
      events.stream()
          .forEach(event -> {
            event.generationCompleted().ifPresent(completed::add);
            event
                ._json()
                .ifPresent(json -> others.add(json.convert(Map.class).get("type").toString()));
          });
    }
    assertThat(completed)
        .hasSize(2)
        .allSatisfy(event -> {
          assertThat(Base64.getDecoder().decode(event.b64Json())).isEqualTo(picture);
          assertThat(event.createdAt()).isGreaterThan(1_700_000_000L);
          assertThat(event.size().asString()).isEqualTo("40x30");
          assertThat(event.quality()).isEqualTo(ImageGenCompletedEvent.Quality.AUTO);
          assertThat(event.background()).isEqualTo(ImageGenCompletedEvent.Background.AUTO);
          assertThat(event.outputFormat()).isEqualTo(ImageGenCompletedEvent.OutputFormat.PNG);
          assertThat(event._usage().isMissing()).isTrue();
        });
    assertThat(others).contains("image_generation.running").endsWith("image_generation.done");
  }

  @Test
  void streamsAnEdit() {
    List<byte[]> completed = new ArrayList<>();
    try (StreamResponse<ImageEditStreamEvent> events =
        client
            .images()
            .editStreaming(
                ImageEditParams.builder()
                    .model("wan2.7-image-pro")
                    .prompt("x")
                    .image(Pictures.png(300, 250))
                    .build())) {
      events.stream()
          .forEach(event ->
              event
                  .completed()
                  .ifPresent(done -> completed.add(Base64.getDecoder().decode(done.b64Json()))));
    }
    assertThat(completed).containsExactly(picture);
  }

  @Test
  void errorOfAStreamThatHasBegunIsThrownWhereItIsRead() {
    upstream.respond(
        DashScopeScripts.TASK,
        DashScopeScripts.running(),
        StandInUpstream.json(
            200,
            """
            {"request_id":"r","output":{"task_id":"task-1","task_status":"FAILED","code":"DataInspectionFailed","message":"no"}}\
            """));
    try (StreamResponse<ImageGenStreamEvent> events =
        client.images().generateStreaming(params().build())) {
      assertThatThrownBy(() -> events.stream().toList())
          .isInstanceOfSatisfying(
              SseException.class, e -> assertThat(e.code()).contains("content_policy_violation"));
    }
    assertThatThrownBy(() -> client.images().generateStreaming(params().n(9).build()))
        .isInstanceOf(BadRequestException.class);
  }
}
