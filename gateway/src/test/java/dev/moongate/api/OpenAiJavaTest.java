package dev.moongate.api;

import static dev.moongate.testing.DashScopeScripts.delivering;
import static dev.moongate.testing.DashScopeScripts.png;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.MultipartField;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.errors.UnauthorizedException;
import com.openai.models.images.ImageEditParams;
import com.openai.models.images.ImageGenerateParams;
import com.openai.models.images.ImagesResponse;
import com.openai.models.models.Model;
import dev.moongate.provider.ImageProvider.Mode;
import dev.moongate.testing.DashScopeScripts;
import dev.moongate.testing.MoongateHarness;
import dev.moongate.testing.Pictures;
import dev.moongate.testing.StandInUpstream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The official OpenAI SDK for Java, pointed at the gateway. */
@Timeout(300)
class OpenAiJavaTest {
  @TempDir private Path home;
  private final StandInUpstream upstream = new StandInUpstream();
  private final byte[] picture = png(40, 30, 1);
  private MoongateHarness moongate;

  @BeforeEach
  void start() {
    delivering(upstream, picture);
    moongate = MoongateHarness.before(home, upstream.uri(), Mode.ASYNC);
  }

  @AfterEach
  void stop() {
    moongate.close();
    upstream.close();
  }

  @Test
  void generatesALinkWithExtraFields() {
    ImagesResponse response =
        client(moongate.key().text())
            .images()
            .generate(
                params()
                    .putAdditionalBodyProperty("seed", JsonValue.from(0))
                    .putAdditionalBodyProperty("watermark", JsonValue.from(false))
                    .build());
    assertThat(response.created()).isGreaterThan(1_700_000_000L);
    assertThat(response.data().orElseThrow().getFirst().url().orElseThrow())
        .startsWith(moongate.uri() + "/images/");
    assertThat(response.data().orElseThrow().getFirst().b64Json()).isEmpty();
    assertThat(upstream.received(DashScopeScripts.ASYNC).getFirst().bodyText())
        .contains("\"watermark\":false,\"seed\":0");
    assertThat(response.validate()).isSameAs(response);
  }

  @Test
  @SuppressWarnings(
      "deprecation") // the SDK means OpenAI's own models; dall-e shaped clients still send it
  void generatesBase64() {
    ImagesResponse response =
        client(moongate.key().text())
            .images()
            .generate(params().responseFormat(ImageGenerateParams.ResponseFormat.B64_JSON).build());
    assertThat(
            Base64.getDecoder()
                .decode(response.data().orElseThrow().getFirst().b64Json().orElseThrow()))
        .isEqualTo(picture);
  }

  @Test
  void editsSeveralPicturesInTheirOrder() throws IOException {
    byte[] first = Pictures.png(300, 250);
    byte[] second = Pictures.jpeg(260, 270);
    Path file = Files.write(home.resolve("second.jpg"), second);
    ImagesResponse response =
        client(moongate.key().text())
            .images()
            .edit(
                ImageEditParams.builder()
                    .model("wan2.7-image-pro")
                    .prompt("put both together")
                    .image(
                        MultipartField.<ImageEditParams.Image>builder()
                            .value(
                                ImageEditParams.Image.ofInputStreams(
                                    List.of(
                                        new ByteArrayInputStream(first),
                                        Files.newInputStream(file))))
                            .filename("picture.png")
                            .contentType("application/octet-stream")
                            .build())
                    .n(1)
                    .size("1024x1024")
                    .inputFidelity(ImageEditParams.InputFidelity.HIGH)
                    .putAdditionalBodyProperty("seed", JsonValue.from(0))
                    .putAdditionalBodyProperty("watermark", JsonValue.from(false))
                    .build());
    assertThat(response.data().orElseThrow().getFirst().url().orElseThrow())
        .startsWith(moongate.uri() + "/images/");
    assertThat(upstream.received(DashScopeScripts.ASYNC).getFirst().bodyText())
        .contains(
            "\"content\":[{\"image\":\"data:image/png;base64,%s\"},{\"image\":\"data:image/jpeg;base64,%s\"},{\"text\":\"put both together\"}]"
                .formatted(
                    Base64.getEncoder().encodeToString(first),
                    Base64.getEncoder().encodeToString(second)),
            "\"watermark\":false,\"seed\":0");
  }

  @Test
  void editsOnePicture() {
    ImagesResponse response =
        client(moongate.key().text())
            .images()
            .edit(
                ImageEditParams.builder()
                    .model("wan2.7-image-pro")
                    .prompt("x")
                    .image(new ByteArrayInputStream(Pictures.png(300, 250)))
                    .build());
    assertThat(response.data().orElseThrow()).hasSize(1);
  }

  @Test
  void errorsBecomeItsOwnExceptions() {
    assertThatThrownBy(() -> client("moongate_wrong").images().generate(params().build()))
        .isInstanceOf(UnauthorizedException.class);
    assertThatThrownBy(() -> client(moongate.key().text()).images().generate(params().n(9).build()))
        .isInstanceOfSatisfying(
            BadRequestException.class, e -> assertThat(e.param()).contains("n"));
  }

  @Test
  void sendsInputMessagesThoughItWantsAPrompt() {
    // docs/clients.md quotes from here
    ImageGenerateParams params =
        ImageGenerateParams.builder()
            .model("wan2.7-image-pro")
            .prompt("")
            .putAdditionalBodyProperty(
                "input",
                JsonValue.from(
                    Map.of(
                        "messages",
                        List.of(
                            Map.of(
                                "role",
                                "user",
                                "content",
                                List.of(Map.of("text", "a flower shop")))))))
            .putAdditionalBodyProperty("size", JsonValue.from("2K"))
            .putAdditionalBodyProperty("watermark", JsonValue.from(false))
            .putAdditionalBodyProperty("thinking_mode", JsonValue.from(true))
            .putAdditionalBodyProperty("seed", JsonValue.from(0))
            .build();
    // to here
    client(moongate.key().text()).images().generate(params);
    assertThat(upstream.received(DashScopeScripts.ASYNC).getFirst().bodyText())
        .contains("{\"text\":\"a flower shop\"}")
        .contains(
            "{\"size\":\"2K\",\"n\":1,\"watermark\":false,\"thinking_mode\":true,\"seed\":0}");
  }

  @Test
  void getsAsManyAsItAsksFor() {
    delivering(upstream, picture, png(30, 40, 2));
    assertThat(
            client(moongate.key().text())
                .images()
                .generate(params().n(2).build())
                .data()
                .orElseThrow())
        .extracting(image -> image.url().orElseThrow())
        .hasSize(2)
        .doesNotHaveDuplicates();
  }

  @Test
  void listsAndRetrievesModels() {
    OpenAIClient client = client(moongate.key().text());
    assertThat(client.models().list().items())
        .extracting(Model::id)
        .contains("wan2.7-image-pro", "wan2.7-image");
    assertThat(client.models().retrieve("wan2.7-image").validate().ownedBy()).isNotBlank();
    assertThatThrownBy(() -> client.models().retrieve("dall-e-3"))
        .isInstanceOf(NotFoundException.class);
  }

  private OpenAIClient client(String moongateKey) {
    return client(moongate.uri() + "/v1", moongateKey);
  }

  static OpenAIClient client(String moongateUrl, String moongateKey) {
    // docs/clients.md quotes from here
    return OpenAIOkHttpClient.builder()
        .baseUrl(moongateUrl)
        .apiKey(moongateKey)
        .timeout(Duration.ofMinutes(5))
        .build();
    // to here
  }

  static ImageGenerateParams.Builder params() {
    return ImageGenerateParams.builder().model("wan2.7-image-pro").prompt("a flower shop");
  }
}
