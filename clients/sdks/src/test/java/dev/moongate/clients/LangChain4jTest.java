package dev.moongate.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.image.Image;
import dev.langchain4j.model.image.ImageModel;
import dev.langchain4j.model.openai.OpenAiImageModel;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** langchain4j's image model, pointed at the gateway. */
@Timeout(120)
class LangChain4jTest {
  @RegisterExtension static final SandboxGateway MOONGATE = new SandboxGateway();

  @Test
  void generatesALink() {
    ImageModel model =
        OpenAiImageModel.builder()
            .baseUrl(MOONGATE.v1())
            .apiKey(MOONGATE.key())
            .modelName("wan2.7-image")
            .size("1K")
            .timeout(Duration.ofMinutes(5))
            .build();
    Image image = model.generate("a flower shop" + SandboxGateway.QUICK).content();
    assertThat(image.url().toString()).startsWith(MOONGATE.uri() + "/images/img_");
    assertThat(image.base64Data()).isNull();
  }
}
