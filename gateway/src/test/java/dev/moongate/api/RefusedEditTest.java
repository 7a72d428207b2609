package dev.moongate.api;

import static dev.moongate.testing.DashScopeScripts.ASYNC;
import static org.assertj.core.api.Assertions.assertThat;

import dev.moongate.provider.ImageProvider.Mode;
import dev.moongate.testing.Await;
import dev.moongate.testing.Form;
import dev.moongate.testing.MoongateHarness;
import dev.moongate.testing.MoongateHarness.Answer;
import dev.moongate.testing.Pictures;
import dev.moongate.testing.RawClient;
import dev.moongate.testing.StandInUpstream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code POST /v1/images/edits}: what is refused costs nothing, and nothing of it stays. */
@Timeout(300)
class RefusedEditTest {
  private static final byte[] PNG = Pictures.png(300, 250);
  private static final byte[] JPEG = Pictures.jpeg(250, 260);

  @TempDir private static Path home;
  private static final StandInUpstream UPSTREAM = new StandInUpstream();
  private static MoongateHarness moongate;

  @BeforeAll
  static void start() {
    moongate = MoongateHarness.before(home, UPSTREAM.uri(), Mode.ASYNC);
  }

  @AfterAll
  static void stop() {
    moongate.close();
    UPSTREAM.close();
  }

  private static String url(String type, byte[] picture) {
    return "data:" + type + ";base64," + Base64.getEncoder().encodeToString(picture);
  }

  private Answer json(String members) {
    return moongate.post(
        "/v1/images/edits", "{\"model\":\"wan2.7-image-pro\",\"prompt\":\"x\"," + members + "}");
  }

  private static List<Path> files(String folder) {
    Path all = home.resolve("store").resolve(folder);
    if (!Files.exists(all)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(all)) {
      return files.toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void nothingIsLeft() {
    assertThat(UPSTREAM.received(ASYNC)).isEmpty();
    assertThat(moongate.rows("SELECT id FROM generation")).isEmpty();
    assertThat(files("inputs")).isEmpty();
    assertThat(files(".tmp")).isEmpty();
  }

  private static void refused(Answer answer, String error, String param) {
    assertThat(answer.error() + " " + answer.param())
        .as(new String(answer.bytes(), StandardCharsets.UTF_8))
        .isEqualTo(error + " " + param);
    assertThat(answer.header("x-should-retry")).isEqualTo("false");
    nothingIsLeft();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "watermark|0|invalid_type|watermark",
        "watermark|False|invalid_type|watermark",
        "watermark|''|invalid_type|watermark",
        "thinking_mode|yes|invalid_type|thinking_mode",
        "enable_sequential|1|invalid_type|enable_sequential",
        "n|1.0|invalid_type|n",
        "n|two|invalid_type|n",
        "n|''|invalid_type|n",
        "n|0|invalid_value|n",
        "n|5|invalid_value|n",
        "n|99999999999999999999|invalid_type|n",
        "seed|-0|invalid_type|seed",
        "seed|-1|invalid_value|seed",
        "seed|01|invalid_type|seed",
        "size|huge|invalid_value|size",
        "size|4K|invalid_value|size",
        "bbox_list|nothing|invalid_json|bbox_list",
        "bbox_list|{}|invalid_type|bbox_list",
        "bbox_list|[],\"n\":2|invalid_json|bbox_list",
        "bbox_list|[]|invalid_value|bbox_list",
        "bbox_list|[[[1,2,3]]]|invalid_value|bbox_list[0][0]",
        "bbox_list|[[[0,0,10,\"20\"]]]|invalid_type|bbox_list[0][0][3]",
        "bbox_list|[[[0,0,301,20]]]|invalid_value|bbox_list[0][0]",
        "color_palette|[{\"hex\":\"red\"}]|invalid_value|color_palette[0].hex",
        "response_format|png|invalid_value|response_format",
        "link_expires_in|0|invalid_value|link_expires_in",
        "stream|on|invalid_type|stream",
        "parameters|{}|unknown_parameter|parameters",
        "input|{}|unknown_parameter|input",
        "strength|0.5|unknown_parameter|strength",
        "mask|x|unknown_parameter|mask",
        "model|wan|duplicate_key|model",
        "prompt|again|duplicate_key|prompt"
      })
  void wrongTextOfAFormIsRefusedByName(String name, String value, String code, String param)
      throws IOException {
    refused(Form.edit().picture(PNG).text(name, value).sendTo(moongate), "400 " + code, param);
  }

  @Test
  void slipInANameIsToldTheNameThatIsMeant() {
    Answer answer = Form.edit().picture(PNG).text("water_mark", "true").sendTo(moongate);
    assertThat(answer.json().at("/error/message").stringValue())
        .contains("did you mean watermark?");
    Answer json = json("\"image\":[{\"image_url\":\"https://example.com/a.png\"}]");
    assertThat(json.param()).isEqualTo("image");
    assertThat(json.json().at("/error/message").stringValue()).contains("\"images\":");
  }

  @Test
  void dataUrlInTheTextOfAFormIsToldToBeAFile() {
    Answer answer = Form.edit().text("image", url("image/png", PNG)).sendTo(moongate);
    refused(answer, "400 invalid_image", "image");
    assertThat(answer.json().at("/error/message").stringValue())
        .contains("send it as a file, with a file name");
  }

  @Test
  void stringOfJsonInAFormIsRefusedByName() {
    refused(
        Form.edit()
            .picture(PNG)
            .part(
                "Content-Disposition: form-data; name=\"size\"\r\nContent-Type: application/json",
                "\"1K\"".getBytes(StandardCharsets.UTF_8))
            .sendTo(moongate),
        "400 invalid_value",
        "size");
    refused(
        Form.edit()
            .picture(PNG)
            .part(
                "Content-Disposition: form-data; name=\"n\"; filename=\"n\"\r\nContent-Type: application/json",
                "2".getBytes(StandardCharsets.UTF_8))
            .sendTo(moongate),
        "400 unknown_parameter",
        "n");
  }

  @Test
  void maskIsRefusedWithWhatThereIsInstead() throws IOException {
    Answer file = Form.edit().picture(PNG).file("mask", "image/png", PNG).sendTo(moongate);
    refused(file, "400 unknown_parameter", "mask");
    assertThat(file.json().at("/error/message").stringValue()).contains("bbox_list");
    Answer json =
        json(
            "\"images\":[{\"image_url\":\"https://example.com/a.png\"}],\"mask\":{\"image_url\":\"%s\"}"
                .formatted(url("image/png", PNG)));
    refused(json, "400 unknown_parameter", "mask");
    assertThat(json.json().at("/error/message").stringValue()).contains("bbox_list");
  }

  @Test
  void pictureThatTheModelDoesNotTakeIsRefusedBeforeItCosts() throws IOException {
    refused(Form.edit().picture(new byte[0]).sendTo(moongate), "400 invalid_image", "image");
    refused(Form.edit().picture(new byte[5000]).sendTo(moongate), "400 invalid_image", "image");
    refused(
        Form.edit().picture(Pictures.alphaPng(300, 300)).sendTo(moongate),
        "400 invalid_image",
        "image");
    refused(
        Form.edit().picture(PNG).picture(Pictures.png(239, 300)).sendTo(moongate),
        "400 invalid_image",
        "image[1]");
    refused(
        Form.edit().picture(Pictures.png(240, 1930)).sendTo(moongate),
        "400 invalid_image",
        "image");
    refused(
        Form.edit().picture(java.util.Arrays.copyOf(JPEG, JPEG.length - 100)).sendTo(moongate),
        "400 invalid_image",
        "image");
    refused(
        json("\"images\":[{\"image_url\":\"%s\"}]".formatted(url("image/png", JPEG))),
        "400 invalid_image",
        "images[0].image_url");
  }

  @Test
  void nothingToEditOrTooMuchIsRefused() throws IOException {
    refused(Form.edit().sendTo(moongate), "400 missing_required_parameter", "image");
    refused(json("\"n\":1"), "400 missing_required_parameter", "images");
    refused(json("\"images\":[]"), "400 missing_required_parameter", "images");
    Form ten = Form.edit();
    for (int i = 0; i < 10; i++) {
      ten.picture(PNG);
    }
    refused(ten.sendTo(moongate), "400 invalid_value", "image");
    for (int i = 0; i < 7; i++) {
      ten.picture(PNG);
    }
    refused(ten.sendTo(moongate), "400 invalid_value", "image");
    refused(
        new Form().text("model", "wan2.7-image").picture(PNG).sendTo(moongate),
        "400 missing_required_parameter",
        "prompt");
    refused(
        new Form().text("prompt", "x").picture(PNG).sendTo(moongate),
        "400 missing_required_parameter",
        "model");
  }

  @Test
  void numberedPictureOutOfItsPlaceIsRefused() throws IOException {
    refused(
        Form.edit()
            .file("image[1]", "image/png", PNG)
            .file("image[0]", "image/png", PNG)
            .sendTo(moongate),
        "400 invalid_value",
        "image[1]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"https://example.com/a.png\"|invalid_type|images[0]",
        "{}|missing_required_parameter|images[0].image_url",
        "{\"file_id\":\"file-1\"}|unknown_parameter|images[0].file_id",
        "{\"image_url\":{\"url\":\"https://example.com/a.png\"}}|invalid_type|images[0].image_url",
        "{\"url\":\"https://example.com/a.png\"}|unknown_parameter|images[0].url",
        "{\"image_url\":\"http://169.254.169.254/a.png\"}|url_not_allowed|images[0].image_url",
        "{\"image_url\":\"http://[::1]/a.png\"}|url_not_allowed|images[0].image_url",
        "{\"image_url\":\"file:///etc/passwd\"}|url_not_allowed|images[0].image_url",
        "{\"image_url\":\"data:image/png,x\"}|invalid_image|images[0].image_url",
        "{\"image_url\":\"moongate:x\"}|invalid_image|images[0].image_url"
      })
  void wrongPictureOfJsonIsRefusedByName(String image, String code, String param)
      throws IOException {
    refused(json("\"images\":[" + image + "]"), "400 " + code, param);
  }

  @Test
  void dryRunShowsWhatWouldBeSent() throws IOException {
    Answer answer =
        moongate.post(
            "/v1/images/edits?dry_run=true",
            "{\"model\":\"wan2.7-image\",\"prompt\":\"x\",\"images\":[{\"image_url\":\"https://example.com/a.png\"}]}");
    assertThat(answer.json().path("would_be_admitted").booleanValue()).isTrue();
    assertThat(answer.json().at("/upstream/body").toString()).contains("https://example.com/a.png");
    nothingIsLeft();
  }

  @Test
  void variationsAreToldWhereToGo() {
    Answer answer = moongate.post("/v1/images/variations", "{}");
    assertThat(answer.error()).isEqualTo("404 not_found");
    assertThat(answer.json().at("/error/message").stringValue()).contains("/v1/images/edits");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "multipart/form-data|400 invalid_multipart",
        "multipart/form-data; boundary=|400 invalid_multipart",
        "multipart/form-data; boundary=another|400 invalid_multipart",
        "multipart/form-data; boundary=12345678901234567890123456789012345678901234567890123456789012345678901|400 invalid_multipart",
        "multipart/form-data; boundary=\"a<b\"|400 invalid_multipart",
        "multipart/mixed; boundary=----moongate7MA4YWxk|415 unsupported_media_type",
        "application/x-www-form-urlencoded|415 unsupported_media_type",
        "text/plain|415 unsupported_media_type",
        "image/png|415 unsupported_media_type"
      })
  void bodyThatIsNoFormIsRefused(String type, String error) throws IOException {
    Answer answer = Form.send(moongate, type, Form.edit().picture(PNG).bytes());
    refused(answer, error, "null");
    if (answer.status() == 415) {
      assertThat(answer.json().at("/error/message").stringValue())
          .contains("application/json", "multipart/form-data");
    }
  }

  @Test
  void formThatIsPackedIsRefused() throws IOException {
    refused(
        Form.edit().picture(PNG).sendTo(moongate, "Content-Encoding", "gzip"),
        "415 unsupported_encoding",
        "null");
  }

  @Test
  void formWithLinesThatEndInLfAloneIsRefused() throws IOException {
    String form = new String(Form.edit().text("image", "x").bytes(), StandardCharsets.US_ASCII);
    refused(
        Form.send(
            moongate,
            Form.CONTENT_TYPE,
            form.replace("\r\n", "\n").getBytes(StandardCharsets.US_ASCII)),
        "400 invalid_multipart",
        "null");
  }

  @Test
  void formWithoutItsEndIsRefused() throws IOException {
    refused(
        Form.send(moongate, Form.CONTENT_TYPE, Form.edit().picture(PNG).unended()),
        "400 invalid_multipart",
        "null");
  }

  private RawClient begun(String length) throws IOException {
    return new RawClient(moongate.port())
        .reading()
        .head(
            "POST /v1/images/edits HTTP/1.1|Host: a|Authorization: Bearer %s|Content-Type: %s|Content-Length: %s|Expect: 100-continue"
                .formatted(moongate.key().text(), Form.CONTENT_TYPE, length));
  }

  @Test
  void formThatIsSaidToBeTooLongIsRefusedBeforeItComes() throws IOException {
    try (RawClient client = begun(Long.toString((192L << 20) + 1))) {
      Await.until("it is answered", () -> client.soFar().contains("body_too_large"));
      assertThat(client.soFar()).startsWith("HTTP/1.1 413").doesNotContain("100 Continue");
    }
    nothingIsLeft();
  }

  @Test
  void clientThatGoesAwayAmidAPictureLeavesNothing() throws IOException {
    byte[] form = Form.edit().picture(Pictures.noise(600, 600)).bytes();
    try (RawClient client = begun(Integer.toString(form.length))) {
      Await.until("it may be sent", () -> client.soFar().contains("100 Continue"));
      client.send(java.util.Arrays.copyOf(form, form.length / 2));
      Await.until("some of it is on the disk", () -> !files(".tmp").isEmpty());
    }
    Await.until("nothing of it is", () -> files(".tmp").isEmpty());
    nothingIsLeft();
  }
}
