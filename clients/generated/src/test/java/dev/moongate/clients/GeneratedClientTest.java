package dev.moongate.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.moongate.clients.generated.ApiClient;
import dev.moongate.clients.generated.ApiException;
import dev.moongate.clients.generated.api.ImagesApi;
import dev.moongate.clients.generated.api.ModelsApi;
import dev.moongate.clients.generated.model.ErrorAnswer;
import dev.moongate.clients.generated.model.GenerateRequest;
import dev.moongate.clients.generated.model.Generation;
import dev.moongate.clients.generated.model.ImagesAnswer;
import dev.moongate.clients.generated.model.Model;
import dev.moongate.testing.MoongateHarness;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What openapi-generator makes of our document, with its defaults, in front of a real gateway. */
@Timeout(120)
class GeneratedClientTest {
  @TempDir private static Path home;
  private static MoongateHarness moongate;

  @BeforeAll
  static void start() {
    moongate = MoongateHarness.sandbox(home);
  }

  @AfterAll
  static void stop() {
    moongate.close();
  }

  @Test
  void pictureIsMadeAndFoundAgain() throws ApiException {
    ImagesApi images = new ImagesApi(client(moongate.uri()));
    ImagesAnswer answer = images.generateImages(request().seed(0L).watermark(false), null, null);
    assertThat(answer.getCreated()).isPositive();
    assertThat(answer.getData()).hasSize(1);
    assertThat(
            moongate
                .get(
                    URI.create(answer.getData().getFirst().getUrl())
                        .getRawSchemeSpecificPart()
                        .replaceFirst("//[^/]+", ""))
                .status())
        .isEqualTo(200);
    Generation generation = images.getGeneration(answer.getId(), null);
    assertThat(generation.getStatus()).isEqualTo("succeeded");
    assertThat(generation.getModel()).isEqualTo("wan2.7-image");
  }

  @Test
  void refusalIsReadByItsMembers() {
    ApiException e =
        catchThrowableOfType(
            ApiException.class,
            () -> new ImagesApi(client(moongate.uri())).generateImages(request().n(9), null, null));
    assertThat(e.getCode()).isEqualTo(400);
    ErrorAnswer error = new com.google.gson.Gson().fromJson(e.getResponseBody(), ErrorAnswer.class);
    assertThat(error.getError().getCode()).isEqualTo("invalid_value");
    assertThat(error.getError().getParam()).isEqualTo("n");
    assertThat(e.getResponseHeaders().get("x-should-retry")).isEqualTo(List.of("false"));
  }

  @Test
  void wrongKeyIsA401() {
    ApiClient client = client(moongate.uri());
    client.setBearerToken("moongate_wrong");
    ApiException e =
        catchThrowableOfType(ApiException.class, () -> new ModelsApi(client).listModels());
    assertThat(e.getCode()).isEqualTo(401);
  }

  @Test
  void membersThatComeLaterAreNoTrouble() throws IOException, ApiException {
    try (LaterVersion later = new LaterVersion(moongate)) {
      ApiClient client = client(later.uri());
      ImagesAnswer answer =
          new ImagesApi(client)
              .generateImages(request().n(1).thinkingMode(true).enableSequential(true), null, null);
      assertThat(answer.getAdditionalProperties()).containsKey(LaterVersion.ADDED);
      assertThat(answer.getData().getFirst().getAdditionalProperties())
          .containsKey(LaterVersion.ADDED);
      assertThat(answer.getWarnings().getFirst().getAdditionalProperties())
          .containsKey(LaterVersion.ADDED);
      Generation generation = new ImagesApi(client).getGeneration(answer.getId(), null);
      assertThat(generation.getCost().getAdditionalProperties()).containsKey(LaterVersion.ADDED);
      Model model = new ModelsApi(client).getModel("wan2.7-image");
      assertThat(model.getSizes().getFirst().getAdditionalProperties())
          .containsKey(LaterVersion.ADDED);
      assertThat(model.getParameters())
          .allSatisfy(parameter ->
              assertThat(parameter.getAdditionalProperties()).containsKey(LaterVersion.ADDED));
      assertThat(new ModelsApi(client).listModels().getData()).hasSize(2);
      ApiException e =
          catchThrowableOfType(
              ApiException.class,
              () -> new ImagesApi(client).generateImages(request().n(9), null, null));
      assertThat(e.getResponseBody()).contains(LaterVersion.ADDED);
      assertThat(ErrorAnswer.fromJson(e.getResponseBody()).getError().getParam()).isEqualTo("n");
    }
  }

  private static GenerateRequest request() {
    return new GenerateRequest().model("wan2.7-image").prompt("x sandbox:delay=50ms").size("1K");
  }

  private static ApiClient client(URI base) {
    ApiClient client = new ApiClient();
    client.setBasePath(base.toString());
    client.setBearerToken(moongate.key().text());
    // Its own 10 seconds are too short for pictures.
    client.setReadTimeout(60_000);
    return client;
  }
}
