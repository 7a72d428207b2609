package dev.moongate.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.image.Image;
import dev.langchain4j.exception.HttpException;
import dev.langchain4j.exception.TimeoutException;
import dev.langchain4j.model.image.ImageModel;
import dev.langchain4j.model.openai.OpenAiImageModel;
import dev.moongate.testing.Pictures;
import dev.moongate.testing.SandboxGateway;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** langchain4j's image model, pointed at the gateway. */
@Timeout(120)
class LangChain4jTest {
  @RegisterExtension static final SandboxGateway MOONGATE = new SandboxGateway();

  private static OpenAiImageModel.OpenAiImageModelBuilder model() {
    String moongateUrl = MOONGATE.v1();
    String moongateKey = MOONGATE.key();
    // docs/clients.md quotes from here
    return OpenAiImageModel.builder()
        .baseUrl(moongateUrl)
        .apiKey(moongateKey)
        .modelName("wan2.7-image")
        .size("1K")
        .timeout(Duration.ofMinutes(5));
    // to here
  }

  @Test
  void generatesALink() {
    Image image = model().build().generate("a flower shop" + SandboxGateway.QUICK).content();
    assertThat(image.url().toString()).startsWith(MOONGATE.uri() + "/images/img_");
    assertThat(image.base64Data()).isNull();
    assertThat(MOONGATE.moongate().send(HttpRequest.newBuilder(image.url())).bytes())
        .startsWith(0x89, 'P', 'N', 'G');
  }

  /** It has no option for the format, so its key must say it. */
  @Test
  void generatesBase64WithAKeyThatAsksForIt() {
    ImageModel model = model().apiKey(MOONGATE.key("'response_format':'b64_json'")).build();
    Image image = model.generate("a flower shop" + SandboxGateway.QUICK).content();
    assertThat(image.url()).isNull();
    assertThat(Base64.getDecoder().decode(image.base64Data())).startsWith(0x89, 'P', 'N', 'G');
  }

  @Test
  void generatesTwoWithMembersThatOnlyOpenAiHas() {
    ImageModel model =
        model().quality("hd").user("u").background("auto").outputFormat("png").build();
    List<Image> images = model.generate("two shops" + SandboxGateway.QUICK, 2).content();
    assertThat(images).extracting(Image::url).doesNotContainNull().doesNotHaveDuplicates();
    assertThat(images).hasSize(2);
  }

  @Test
  void editsAPicture() {
    Image shop =
        Image.builder()
            .base64Data(Base64.getEncoder().encodeToString(Pictures.png(300, 250)))
            .mimeType("image/png")
            .build();
    Image edited =
        model().build().edit(shop, "make the door blue" + SandboxGateway.QUICK).content();
    assertThat(edited.url().toString()).startsWith(MOONGATE.uri() + "/images/img_");
  }

  /** Its image model does not translate them, as its chat models do. */
  @Test
  void errorsHaveTheirStatusAndTheWholeBody() {
    refused(400, model().size("512x512")).hasMessageContaining("768x768");
    refused(401, model().apiKey("moongate_wrong")).hasMessageContaining("invalid_api_key");
    refused(404, model().modelName("dall-e-3")).hasMessageContaining("model_not_found");
  }

  private static AbstractThrowableAssert<?, ? extends Throwable> refused(
      int status, OpenAiImageModel.OpenAiImageModelBuilder model) {
    return assertThatThrownBy(() -> model.build().generate("x"))
        .isInstanceOfSatisfying(
            HttpException.class, e -> assertThat(e.statusCode()).isEqualTo(status));
  }

  /**
   * It gives up and does not send again, whatever maxRetries says; the picture is made all the
   * same.
   */
  @Test
  void callThatTimedOutJoinsWhatItBeganUnderTheSameIdempotencyKey() throws IOException {
    int before = MOONGATE.submits().size();
    OpenAiImageModel.OpenAiImageModelBuilder named =
        model().maxRetries(3).customHeaders(Map.of("Idempotency-Key", "order-1"));
    String prompt = "a named shop sandbox:delay=4s";
    ImageModel hasty = named.timeout(Duration.ofSeconds(2)).build();
    assertThatThrownBy(() -> hasty.generate(prompt)).isInstanceOf(TimeoutException.class);
    ImageModel patient = named.timeout(Duration.ofMinutes(5)).build();
    assertThat(patient.generate(prompt).content().url()).isNotNull();
    assertThat(MOONGATE.submits()).hasSize(before + 1);
    assertThat(MOONGATE.moongate().rows("SELECT id FROM generation WHERE request LIKE '%a named%'"))
        .hasSize(1);
  }
}
