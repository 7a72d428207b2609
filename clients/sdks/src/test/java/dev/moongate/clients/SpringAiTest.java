package dev.moongate.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.ai.image.ImageModel;
import org.springframework.ai.image.ImagePrompt;
import org.springframework.ai.openai.OpenAiImageModel;
import org.springframework.ai.openai.OpenAiImageOptions;

/** Spring AI 2's image model, pointed at the gateway. */
@Timeout(120)
class SpringAiTest {
  @RegisterExtension static final SandboxGateway MOONGATE = new SandboxGateway();

  @Test
  void generatesALink() {
    OpenAiImageOptions.Builder options = OpenAiImageOptions.builder();
    options
        .baseUrl(MOONGATE.v1())
        .apiKey(MOONGATE.key())
        .model("wan2.7-image")
        .timeout(Duration.ofMinutes(5));
    ImageModel model = OpenAiImageModel.builder().options(options.size("1K").build()).build();
    var image =
        model.call(new ImagePrompt("a flower shop" + SandboxGateway.QUICK)).getResult().getOutput();
    assertThat(image.getUrl()).startsWith(MOONGATE.uri() + "/images/img_");
    assertThat(image.getB64Json()).isNull();
  }
}
