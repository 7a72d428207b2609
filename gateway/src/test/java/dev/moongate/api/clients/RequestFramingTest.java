package dev.moongate.api.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moongate.testing.MoongateHarness.Answer;
import dev.moongate.testing.Pictures;
import dev.moongate.testing.RawClient;
import java.io.ByteArrayInputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** Requirements 8 to 12 and 14: how clients put a request on the wire. */
class RequestFramingTest extends ClientRequirements {
  private static final List<String> ACCEPTED =
      List.of("", "*/*", "application/json", "text/html, image/gif, image/jpeg, */*; q=0.2");

  @Test
  void requirement08_bodiesWithoutLengthAndEveryAcceptGetJson() {
    for (String accept : ACCEPTED) {
      var request =
          post()
              .setHeader("Content-Type", "application/json; charset=utf-8")
              .POST(
                  BodyPublishers.ofInputStream(
                      () -> new ByteArrayInputStream(body("").getBytes(StandardCharsets.UTF_8))));
      if (!accept.isEmpty()) {
        request.header("Accept", accept);
      }
      Answer answer = moongate.send(request);
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.header("content-type")).isEqualTo("application/json");
      assertThat(answer.json().path("data")).hasSize(1);
    }
  }

  @Test
  void requirement09_offersOfHttp2AreSurvivedWithAnyBody() throws Exception {
    String large = withPicture("png", Pictures.noise(300, 300));
    assertThat(large).hasSizeGreaterThan(200_000);
    try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build()) {
      for (String body : List.of(body(""), large)) {
        var response =
            client.send(
                post().POST(BodyPublishers.ofString(body)).build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
      }
    }
  }

  private static String withPicture(String kind, byte[] picture) {
    return quoted(
            """
            {'model':'wan2.7-image-pro','input':{'messages':[{'role':'user','content':[
              {'text':'make it red'},{'image':'data:image/%s;base64,%s'}]}]}}\
            """)
        .formatted(kind, Base64.getEncoder().encodeToString(picture));
  }

  @Test
  void requirement10_errorsAreJsonWhateverIsAccepted() throws Exception {
    for (String accept : List.of("text/html", "application/problem+json", "image/png")) {
      for (String path : List.of(GENERATIONS, "/nowhere", "/v1/models", "/images/a.png")) {
        Answer answer =
            moongate.send(
                java.net.http.HttpRequest.newBuilder(moongate.uri().resolve(path))
                    .header("Accept", accept)
                    .header("Authorization", "Bearer wrong"));
        assertThat(answer.status()).isBetween(400, 499);
        assertThat(answer.header("content-type")).isEqualTo("application/json");
        assertThat(answer.json().path("error").path("message").stringValue()).isNotBlank();
      }
    }
    try (RawClient client = new RawClient(moongate.port()).reading()) {
      client.head("GET / HTTP/1.1|Host: a|Host: b|Accept: text/html");
      assertThat(client.whole().toLowerCase(Locale.ROOT))
          .contains("content-type: application/json")
          .contains("{\"error\":{\"message\":");
    }
  }

  @Test
  void requirement11_theKeyIsTakenInEverySpelling() {
    String key = moongate.key().text();
    for (String scheme : List.of("Bearer ", "bearer ", "BEARER ")) {
      assertThat(moongate.send(post("").setHeader("Authorization", scheme + key)).status())
          .isEqualTo(200);
    }
    var azure =
        java.net.http.HttpRequest.newBuilder(moongate.uri().resolve("/v1/models"))
            .header("api-key", key);
    assertThat(moongate.send(azure).status()).isEqualTo(200);
  }

  @Test
  void requirement12_oneTextOfMoreThan20MillionCharactersIsRead() {
    String large = withPicture("bmp", Pictures.bmp(2300, 2300));
    assertThat(large).hasSizeGreaterThan(20_500_000);
    assertThat(moongate.generate(large).status()).isEqualTo(200);
    assertThat(sent().at("/input/messages/0/content/1/image").asString())
        .isEqualTo(large.substring(large.indexOf("data:image"), large.indexOf("\"}]}]}}")));
  }

  @Test
  void requirement14_wrongBaseUrlsAreToldTheRightOne() {
    for (String wrong : List.of("/v1/v1", "/v1v1", "", "/openai/v1", "/api")) {
      toldTheRight("POST " + GENERATIONS, moongate.post(wrong + "/images/generations", body("")));
      toldTheRight("GET /v1/models", moongate.get(wrong + "/models"));
    }
  }

  private static void toldTheRight(String address, Answer answer) {
    assertThat(answer.error()).isEqualTo("404 not_found");
    assertThat(answer.json().at("/error/message").stringValue())
        .contains(address + " is meant")
        .contains("ends in /v1, once");
  }
}
