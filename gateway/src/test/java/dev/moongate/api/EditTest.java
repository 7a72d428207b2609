package dev.moongate.api;

import static dev.moongate.testing.DashScopeScripts.ASYNC;
import static dev.moongate.testing.DashScopeScripts.delivering;
import static org.assertj.core.api.Assertions.assertThat;

import dev.moongate.provider.ImageProvider.Mode;
import dev.moongate.testing.DashScopeScripts;
import dev.moongate.testing.Form;
import dev.moongate.testing.MoongateHarness;
import dev.moongate.testing.MoongateHarness.Answer;
import dev.moongate.testing.Pictures;
import dev.moongate.testing.StandInUpstream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code POST /v1/images/edits}: what is asked for arrives at the provider, or is refused. */
@Timeout(300)
class EditTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final byte[] PNG = Pictures.png(300, 250);
  private static final byte[] JPEG = Pictures.jpeg(250, 260);
  private static final byte[] BMP = Pictures.bmp(240, 240);

  @TempDir private Path home;
  private final StandInUpstream upstream = new StandInUpstream();
  private MoongateHarness moongate;

  @BeforeEach
  void start() {
    delivering(upstream, DashScopeScripts.png(40, 30, 1));
    moongate = MoongateHarness.before(home, upstream.uri(), Mode.ASYNC);
  }

  @AfterEach
  void stop() {
    moongate.close();
    upstream.close();
  }

  private JsonNode sent() {
    return JSON.readTree(upstream.received(ASYNC).getLast().bodyText());
  }

  /** What the model is shown, in its order. */
  private List<String> content() {
    List<String> parts = new ArrayList<>();
    for (JsonNode part : sent().path("input").path("messages").path(0).path("content")) {
      parts.add(
          part.has("image") ? part.path("image").stringValue() : part.path("text").stringValue());
    }
    return parts;
  }

  private static String url(String type, byte[] picture) {
    return "data:" + type + ";base64," + Base64.getEncoder().encodeToString(picture);
  }

  private Answer json(String members) {
    return moongate.post(
        "/v1/images/edits", "{\"model\":\"wan2.7-image-pro\",\"prompt\":\"x\"," + members + "}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"image,image,image", "image[],image[],image[]", "image[0],image[1],image[2]"})
  void picturesOfAFormArriveInTheirOrderAndBeforeTheWords(String names) {
    String[] name = names.split(",", -1);
    Answer answer =
        new Form()
            .file(name[0], "image/jpeg", JPEG)
            .text("prompt", "der Tür in Bild 1 – 蓝色")
            .file(name[1], "image/png", PNG)
            .text("model", "wan2.7-image-pro")
            .file(name[2], "image/bmp", BMP)
            .sendTo(moongate);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().path("data").size()).isEqualTo(1);
    assertThat(content())
        .containsExactly(
            url("image/jpeg", JPEG),
            url("image/png", PNG),
            url("image/bmp", BMP),
            "der Tür in Bild 1 – 蓝色");
  }

  @Test
  void picturesOfJsonArriveInTheirOrderAndForeignAddressesUnfetched() {
    Answer answer =
        json(
            "\"images\":[{\"image_url\":\"https://example.com/b.png\"},{\"image_url\":\"%s\"}],\"mask\":null,\"image\":null,\"input\":null"
                .formatted(url("image/png", PNG)));
    assertThat(answer.status()).isEqualTo(200);
    assertThat(content()).containsExactly("https://example.com/b.png", url("image/png", PNG), "x");
  }

  @Test
  void everyMemberOfAFormReachesTheProviderAsItDoesFromJson() {
    String palette =
        "[{\"hex\":\"#C2D1E6\",\"ratio\":\"23.51%\"},{\"hex\":\"#FFFFFF\",\"ratio\":\"26.49%\"},{\"hex\":\"#000000\",\"ratio\":\"50.00%\"}]";
    Answer answer =
        Form.edit()
            .picture(PNG)
            .text("size", "1024x1024")
            .text("n", "2")
            .text("watermark", "false")
            .text("thinking_mode", "false")
            .text("enable_sequential", "false")
            .text("seed", "0")
            .text("color_palette", palette)
            .text("bbox_list", "[[[0,0,10,20]]]")
            .text("link_expires_in", "60")
            .text("stream", "false")
            .sendTo(moongate);
    assertThat(answer.status()).as(answer.json().toString()).isEqualTo(200);
    String form = upstream.received(ASYNC).getLast().bodyText();
    assertThat(JSON.readTree(form).path("parameters").toString())
        .isEqualTo(
            "{\"size\":\"1024*1024\",\"n\":2,\"watermark\":false,\"thinking_mode\":false,\"enable_sequential\":false,"
                + "\"color_palette\":"
                + palette
                + ",\"bbox_list\":[[[0,0,10,20]]],\"seed\":0}");
    Answer dry =
        moongate.post(
            "/v1/images/edits?dry_run=true",
            """
            {"model":"wan2.7-image-pro","prompt":"x","size":"1024x1024","n":2,"watermark":false,
             "thinking_mode":false,"enable_sequential":false,"seed":0,"color_palette":%s,
             "bbox_list":[[[0,0,10,20]]],"images":[{"image_url":"%s"}]}\
            """
                .formatted(palette, url("image/png", PNG)));
    assertThat(dry.json().at("/upstream/body/parameters"))
        .isEqualTo(JSON.readTree(form).path("parameters"));
  }

  /** As Spring's MultipartBodyBuilder sends what is no String. */
  @Test
  void numbersAndListsOfAFormMayBeCalledJson() {
    Form form = Form.edit().picture(PNG);
    List.of("n:2", "watermark:true", "bbox_list:[[[0,0,10,20]]]")
        .forEach(member ->
            form.part(
                "Content-Disposition: form-data; name=\"%s\"\r\nContent-Type: application/json"
                    .formatted(member.substring(0, member.indexOf(':'))),
                member.substring(member.indexOf(':') + 1).getBytes(StandardCharsets.UTF_8)));
    assertThat(form.sendTo(moongate).status()).isEqualTo(200);
    assertThat(sent().path("parameters").toString())
        .isEqualTo("{\"n\":2,\"watermark\":true,\"bbox_list\":[[[0,0,10,20]]]}");
  }

  @Test
  void whatAFormLeavesOutIsLeftOutUpstream() {
    Form.edit().picture(PNG).sendTo(moongate);
    assertThat(sent().path("parameters").toString()).isEqualTo("{\"n\":1}");
  }

  @Test
  void formMayAskForAStreamWhoseEventsAreNamedAfterEdits() {
    Answer answer =
        Form.edit()
            .picture(PNG)
            .text("stream", "true")
            .text("partial_images", "2")
            .sendTo(moongate);
    assertThat(answer.header("content-type")).isEqualTo("text/event-stream");
    assertThat(new String(answer.bytes(), StandardCharsets.UTF_8))
        .contains(
            "event: image_edit.completed\ndata: {\"type\":\"image_edit.completed\",",
            "event: image_edit.done\ndata: {\"type\":\"image_edit.done\",")
        .doesNotContain("image_generation");
    Answer refused =
        Form.edit()
            .picture(PNG)
            .text("stream", "true")
            .text("partial_images", "4")
            .sendTo(moongate);
    assertThat(refused.param()).isEqualTo("partial_images");
  }

  @Test
  void formMayAskForBase64() {
    Answer answer = Form.edit().picture(PNG).text("response_format", "b64_json").sendTo(moongate);
    assertThat(Base64.getDecoder().decode(answer.json().at("/data/0/b64_json").stringValue()))
        .isEqualTo(DashScopeScripts.png(40, 30, 1));
  }

  @Test
  void whatOnlyOpenAiHasIsIgnoredAndSaid() {
    Answer answer =
        Form.edit()
            .picture(PNG)
            .text("input_fidelity", "high")
            .text("quality", "high")
            .text("output_compression", "100")
            .text("partial_images", "abc")
            .sendTo(moongate);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().path("warnings").valueStream().map(w -> w.path("param").stringValue()))
        .containsExactly("input_fidelity", "quality", "output_compression", "partial_images");
    Answer stream =
        Form.edit()
            .picture(PNG)
            .text("stream", "true")
            .text("partial_images", "abc")
            .sendTo(moongate);
    assertThat(stream.error() + " " + stream.param()).isEqualTo("400 invalid_type partial_images");
    assertThat(
            moongate
                .generate(
                    "{\"model\":\"wan2.7-image\",\"prompt\":\"x\",\"input_fidelity\":\"high\"}")
                .error())
        .as("it says something about input pictures only")
        .isEqualTo("400 unknown_parameter");
  }

  @ParameterizedTest
  @ValueSource(strings = {"application/octet-stream", "image/jpeg", "image/whatever", "text/plain"})
  void bytesOfAFileSayWhatItIsAndNotItsType(String type) {
    assertThat(Form.edit().file("image", type, PNG).sendTo(moongate).status()).isEqualTo(200);
    assertThat(content().getFirst()).isEqualTo(url("image/png", PNG));
  }

  @Test
  void fileWithoutATypeIsAFile() {
    Form.edit()
        .part("Content-Disposition: form-data; name=image; filename*=UTF-8''%e4%bd%a0.png", BMP)
        .sendTo(moongate);
    assertThat(content().getFirst()).isEqualTo(url("image/bmp", BMP));
  }

  @Test
  void ninePicturesAreTaken() {
    Form nine = Form.edit();
    for (int i = 0; i < 9; i++) {
      nine.file("image[" + i + "]", "image/png", Pictures.png(240 + i, 240));
    }
    assertThat(nine.sendTo(moongate).status()).isEqualTo(200);
    assertThat(content()).hasSize(10);
    assertThat(content().get(8)).isEqualTo(url("image/png", Pictures.png(248, 240)));
  }

  @Test
  void addressMayStandInAFormWhereAFileWould() throws IOException {
    assertThat(
            Form.edit()
                .text("image", "https://example.com/a.png")
                .picture(PNG)
                .sendTo(moongate)
                .status())
        .isEqualTo(200);
    assertThat(content()).containsExactly("https://example.com/a.png", url("image/png", PNG), "x");
  }

  @Test
  void sameEditSentAgainJoinsWhateverItCameAs() {
    String[] key = {"Idempotency-Key", "once"};
    Answer first = Form.edit().picture(PNG).sendTo(moongate, key);
    Answer again = Form.edit().file("image[]", "image/jpeg", PNG).sendTo(moongate, key);
    assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
    assertThat(again.json().path("id")).isEqualTo(first.json().path("id"));
    assertThat(Form.edit().picture(Pictures.png(301, 250)).sendTo(moongate, key).error())
        .as("another picture")
        .isEqualTo("422 idempotency_key_reused");
    String generation =
        "{\"model\":\"wan2.7-image-pro\",\"input\":{\"messages\":[{\"role\":\"user\",\"content\":[{\"image\":\"%s\"},{\"text\":\"x\"}]}]}}"
            .formatted(url("image/png", PNG));
    assertThat(moongate.generate(generation, key).error())
        .as("another endpoint")
        .isEqualTo("422 idempotency_key_reused");
    assertThat(upstream.received(ASYNC)).hasSize(1);
  }

  @Test
  void formMayComeInPiecesAndWithItsBoundaryInQuotes() {
    byte[] form = Form.edit().picture(PNG).bytes();
    Answer answer =
        moongate.send(
            HttpRequest.newBuilder(moongate.uri().resolve("/v1/images/edits"))
                .header("Authorization", "Bearer " + moongate.key().text())
                .header("Content-Type", "Multipart/Form-Data; boundary=\"" + Form.BOUNDARY + "\"")
                .POST(
                    HttpRequest.BodyPublishers.ofInputStream(
                        () -> new ByteArrayInputStream(form))));
    assertThat(answer.status()).isEqualTo(200);
    assertThat(upstream.received(ASYNC)).hasSize(1);
  }
}
