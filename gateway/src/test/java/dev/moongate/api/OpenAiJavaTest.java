package dev.moongate.api;

import static dev.moongate.testing.DashScopeScripts.delivering;
import static dev.moongate.testing.DashScopeScripts.png;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.errors.BadRequestException;
import com.openai.errors.UnauthorizedException;
import com.openai.models.images.ImageGenerateParams;
import com.openai.models.images.ImagesResponse;
import dev.moongate.provider.ImageProvider.Mode;
import dev.moongate.testing.DashScopeScripts;
import dev.moongate.testing.MoongateHarness;
import dev.moongate.testing.StandInUpstream;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The official OpenAI SDK for Java, pointed at the gateway. */
@Timeout(120)
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
  void errorsBecomeItsOwnExceptions() {
    assertThatThrownBy(() -> client("moongate_wrong").images().generate(params().build()))
        .isInstanceOf(UnauthorizedException.class);
    assertThatThrownBy(() -> client(moongate.key().text()).images().generate(params().n(9).build()))
        .isInstanceOfSatisfying(
            BadRequestException.class, e -> assertThat(e.param()).contains("n"));
  }

  private OpenAIClient client(String key) {
    return OpenAIOkHttpClient.builder().baseUrl(moongate.uri() + "/v1").apiKey(key).build();
  }

  private static ImageGenerateParams.Builder params() {
    return ImageGenerateParams.builder().model("wan2.7-image-pro").prompt("a flower shop");
  }
}
