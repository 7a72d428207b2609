package dev.moongate.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moongate.testing.SandboxGateway;
import dev.moongate.testing.StandInUpstream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.ai.image.Image;
import org.springframework.ai.image.ImageModel;
import org.springframework.ai.image.ImagePrompt;
import org.springframework.ai.openai.OpenAiImageModel;
import org.springframework.ai.openai.OpenAiImageOptions;
import org.springframework.ai.openai.api.OpenAiImageApi;
import org.springframework.ai.retry.NonTransientAiException;
import org.springframework.ai.retry.RetryUtils;
import org.springframework.ai.retry.TransientAiException;
import org.springframework.retry.support.RetryTemplate;

/** Spring AI 1.1's image model, pointed at the gateway. */
@Timeout(120)
class SpringAi1Test {
  @RegisterExtension static final SandboxGateway MOONGATE = new SandboxGateway();

  private static ImageModel model(String moongateUrl, String moongateKey) {
    // docs/clients.md quotes from here
    OpenAiImageApi api = OpenAiImageApi.builder().baseUrl(moongateUrl).apiKey(moongateKey).build();
    OpenAiImageOptions options =
        OpenAiImageOptions.builder().model("wan2.7-image").width(1024).height(1024).build();
    RetryTemplate once = RetryTemplate.builder().maxAttempts(1).build();
    return new OpenAiImageModel(api, options, once);
    // to here
  }

  private static ImageModel model() {
    return model(MOONGATE.uri(), MOONGATE.key());
  }

  private static Image picture(ImagePrompt prompt) {
    return model().call(prompt).getResult().getOutput();
  }

  private static void assertLinkOfPng(Image image) {
    assertThat(image.getUrl()).startsWith(MOONGATE.uri() + "/images/img_");
    assertThat(MOONGATE.moongate().send(HttpRequest.newBuilder(URI.create(image.getUrl()))).bytes())
        .startsWith(0x89, 'P', 'N', 'G');
  }

  @Test
  void generatesALinkAtAnAddressWithoutV1() {
    assertLinkOfPng(picture(new ImagePrompt("a flower shop" + SandboxGateway.QUICK)));
  }

  @Test
  void addressWithV1IsToldThatItHasOneTooMany() {
    ImageModel wrong = model(MOONGATE.v1(), MOONGATE.key());
    assertThatThrownBy(() -> wrong.call(new ImagePrompt("x")))
        .isInstanceOf(NonTransientAiException.class)
        .hasMessageContaining("404")
        .hasMessageContaining("/v1, once");
  }

  @Test
  void namesNoFormatSoThatAKeyDecidesIt() {
    OpenAiImageOptions base64 = OpenAiImageOptions.builder().responseFormat("b64_json").build();
    assertLinkOfPng(picture(new ImagePrompt("a dropped wish" + SandboxGateway.QUICK, base64)));
    ImageModel model = model(MOONGATE.uri(), MOONGATE.key("'response_format':'b64_json'"));
    Image image =
        model
            .call(new ImagePrompt("a wish of the key" + SandboxGateway.QUICK))
            .getResult()
            .getOutput();
    assertThat(image.getUrl()).isNull();
    assertThat(image.getB64Json()).startsWith("iVBORw0KGgo");
  }

  @Test
  void generatesTwoWithMembersThatOnlyOpenAiHas() {
    OpenAiImageOptions options =
        OpenAiImageOptions.builder().N(2).quality("hd").style("vivid").user("u").build();
    assertThat(
            model().call(new ImagePrompt("two shops" + SandboxGateway.QUICK, options)).getResults())
        .hasSize(2)
        .extracting(result -> result.getOutput().getUrl())
        .doesNotHaveDuplicates();
  }

  @Test
  void refusalCarriesTheWholeAnswer() {
    OpenAiImageOptions nine = OpenAiImageOptions.builder().N(9).build();
    assertThatThrownBy(() -> model().call(new ImagePrompt("x", nine)))
        .isInstanceOf(NonTransientAiException.class)
        .hasMessageContaining("\"param\":\"n\"");
    ImageModel stranger = model(MOONGATE.uri(), "moongate_wrong");
    assertThatThrownBy(() -> stranger.call(new ImagePrompt("x")))
        .isInstanceOf(NonTransientAiException.class)
        .hasMessageContaining("invalid_api_key");
  }

  @Test
  void failureIsNotSentAgainIfToldSo() {
    int before = generations();
    ImagePrompt failing =
        new ImagePrompt("a shop" + SandboxGateway.QUICK + " sandbox:task-fail=InternalError");
    assertThatThrownBy(() -> model().call(failing)).isInstanceOf(TransientAiException.class);
    assertThat(generations()).isEqualTo(before + 1);
  }

  private static int generations() {
    return MOONGATE.moongate().get("/v1/images/generations?limit=100").json().path("data").size();
  }

  /** Why it has to be told: nothing in a second try says that it is one. */
  @Test
  void itsTriesCannotBeToldFromNewRequests() {
    try (StandInUpstream ear = new StandInUpstream()) {
      ear.respond(
          "/v1/images/generations",
          StandInUpstream.json(500, Map.of(), "{}"),
          StandInUpstream.json(400, Map.of(), "{}"));
      OpenAiImageApi api =
          OpenAiImageApi.builder().baseUrl(ear.uri().toString()).apiKey("k").build();
      ImageModel hasty =
          new OpenAiImageModel(
              api, OpenAiImageOptions.builder().build(), RetryUtils.SHORT_RETRY_TEMPLATE);
      assertThatThrownBy(() -> hasty.call(new ImagePrompt("x")))
          .isInstanceOf(NonTransientAiException.class);
      assertThat(ear.received()).hasSize(2);
      assertThat(ear.received().get(0).head()).isEqualTo(ear.received().get(1).head());
      assertThat(ear.received().get(0).bodyText()).isEqualTo(ear.received().get(1).bodyText());
    }
  }
}
