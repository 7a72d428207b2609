package dev.moongate.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.errors.UnauthorizedException;
import dev.moongate.testing.SandboxGateway;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.ai.image.Image;
import org.springframework.ai.image.ImageModel;
import org.springframework.ai.image.ImagePrompt;
import org.springframework.ai.image.ImageResponse;
import org.springframework.ai.openai.AbstractOpenAiOptions;
import org.springframework.ai.openai.OpenAiImageModel;
import org.springframework.ai.openai.OpenAiImageOptions;

/** Spring AI 2's image model, pointed at the gateway. */
@Timeout(120)
class SpringAiTest {
  @RegisterExtension static final SandboxGateway MOONGATE = new SandboxGateway();

  private static OpenAiImageOptions.Builder options() {
    String moongateUrl = MOONGATE.v1();
    String moongateKey = MOONGATE.key();
    // docs/clients.md quotes from here
    OpenAiImageOptions.Builder options = OpenAiImageOptions.builder().size("1K");
    options
        .baseUrl(moongateUrl)
        .apiKey(moongateKey)
        .model("wan2.7-image")
        .timeout(Duration.ofMinutes(5));
    // to here
    return options;
  }

  private static ImageResponse call(OpenAiImageOptions options, String prompt) {
    ImageModel model = OpenAiImageModel.builder().options(options).build();
    return model.call(new ImagePrompt(prompt));
  }

  @Test
  void generatesALink() {
    Image image =
        call(options().build(), "a flower shop" + SandboxGateway.QUICK).getResult().getOutput();
    assertThat(image.getUrl()).startsWith(MOONGATE.uri() + "/images/img_");
    assertThat(image.getB64Json()).isNull();
    assertThat(MOONGATE.moongate().send(HttpRequest.newBuilder(URI.create(image.getUrl()))).bytes())
        .startsWith(0x89, 'P', 'N', 'G');
  }

  @Test
  void generatesBase64() {
    Image image =
        call(options().responseFormat("b64_json").build(), "a flower shop" + SandboxGateway.QUICK)
            .getResult()
            .getOutput();
    assertThat(image.getUrl()).isNull();
    assertThat(Base64.getDecoder().decode(image.getB64Json())).startsWith(0x89, 'P', 'N', 'G');
  }

  @Test
  void generatesTwoWithMembersThatOnlyOpenAiHas() {
    OpenAiImageOptions options =
        options()
            .size(null)
            .width(1024)
            .height(768)
            .n(2)
            .quality("hd")
            .style("vivid")
            .user("u")
            .build();
    assertThat(call(options, "two shops" + SandboxGateway.QUICK).getResults())
        .hasSize(2)
        .extracting(result -> result.getOutput().getUrl())
        .doesNotHaveDuplicates();
  }

  @Test
  void errorsBecomeThoseOfTheSdkBelow() {
    assertThatThrownBy(() -> call(options().size("512x512").build(), "x"))
        .isInstanceOfSatisfying(
            BadRequestException.class, e -> assertThat(e.param()).contains("size"));
    OpenAiImageOptions.Builder stranger = options();
    stranger.apiKey("moongate_wrong");
    assertThatThrownBy(() -> call(stranger.build(), "x")).isInstanceOf(UnauthorizedException.class);
    OpenAiImageOptions.Builder unknown = options();
    unknown.model("dall-e-3");
    assertThatThrownBy(() -> call(unknown.build(), "x")).isInstanceOf(NotFoundException.class);
  }

  /** As it comes, it gives a call a minute and tries four times; here each try has two seconds. */
  @Test
  void itsDefaultsPayOnceForWhatTakesLonger() throws IOException {
    assertThat(AbstractOpenAiOptions.DEFAULT_TIMEOUT).isEqualTo(Duration.ofMinutes(1));
    assertThat(AbstractOpenAiOptions.DEFAULT_MAX_RETRIES).isEqualTo(3);
    int before = MOONGATE.submits().size();
    OpenAiImageOptions.Builder hasty = options();
    hasty.timeout(Duration.ofSeconds(2));
    Image image = call(hasty.build(), "a hasty shop sandbox:delay=5s").getResult().getOutput();
    assertThat(image.getUrl()).isNotBlank();
    assertThat(MOONGATE.submits()).hasSize(before + 1);
  }
}
