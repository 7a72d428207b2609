package dev.moongate.api.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.errors.OpenAIInvalidDataException;
import com.openai.models.images.ImageGenerateParams;
import dev.moongate.testing.MoongateHarness.Answer;
import dev.moongate.testing.Pictures;
import dev.moongate.testing.StandInUpstream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Requirements 23 to 25: links, very large pictures, and the request's id. */
class AnswerDeliveryTest extends ClientRequirements {
  @Test
  void requirement23_linksAreAbsoluteAndFetchedWithAnyOrNoAuthorization() {
    String link = generated("").json().at("/data/0/url").stringValue();
    URI uri = URI.create(link);
    assertThat(uri.getScheme()).isEqualTo("http");
    assertThat(uri.getAuthority()).isEqualTo(moongate.uri().getAuthority());
    for (String authorization : List.of("", "Bearer " + moongate.key().text(), "Bearer other")) {
      HttpRequest.Builder request = HttpRequest.newBuilder(uri);
      if (!authorization.isEmpty()) {
        request.header("Authorization", authorization);
      }
      Answer picture = moongate.send(request);
      assertThat(picture.status()).isEqualTo(200);
      assertThat(picture.bytes()).startsWith(0x89, 'P', 'N', 'G');
    }
  }

  /** The reason for "4K: ask for url" in docs/clients.md. */
  @Test
  @SuppressWarnings("deprecation") // the SDK means OpenAI's newest models
  void requirement24_base64OfOver20MillionCharactersIsWholeThoughSomeClientsRefuseIt() {
    byte[] large = Pictures.pngWith(300, 300, "prVt", new byte[15_500_000]);
    upstream.http().respond("/picture.png", StandInUpstream.bytes(200, "image/png", large));
    OpenAIClient client = openAi().build();
    String link =
        client
            .images()
            .generate(params().build())
            .data()
            .orElseThrow()
            .getFirst()
            .url()
            .orElseThrow();
    assertThat(moongate.send(HttpRequest.newBuilder(URI.create(link))).bytes()).isEqualTo(large);

    ImageGenerateParams base64 =
        params().responseFormat(ImageGenerateParams.ResponseFormat.B64_JSON).build();
    assertThatThrownBy(() -> client.images().generate(base64))
        .isInstanceOf(OpenAIInvalidDataException.class);
    assertThat(Long.parseLong(generatedHeader("content-length"))).isGreaterThan(20_000_000);
  }

  private String generatedHeader(String name) {
    Answer answer = moongate.generate(body(",'response_format':'b64_json'"));
    assertThat(answer.status()).isEqualTo(200);
    return answer.header(name);
  }

  @Test
  void requirement25_everyAnswerHasARequestId() {
    Answer begun = moongate.generate(body(""), "Prefer", "respond-async");
    for (Answer answer :
        List.of(generated(""), begun, moongate.generate("{}"), moongate.get("/nowhere"))) {
      assertThat(answer.header("x-request-id")).matches("req_[0-9a-z]+");
    }
  }
}
