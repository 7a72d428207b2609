package dev.moongate.provider.dashscope;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moongate.image.BoundingBoxes;
import dev.moongate.image.ColorPalette;
import dev.moongate.image.ContentPart;
import dev.moongate.image.ImageRequest;
import dev.moongate.image.InputImage;
import dev.moongate.image.ResponseFormat;
import dev.moongate.image.Size;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class RequestWriterTest {
  private final JsonMapper json = new JsonMapper();
  private final RequestWriter writer = new RequestWriter(json);

  private String written(ImageRequest request, byte[] picture) throws IOException {
    var body = writer.write(SubmissionFixtures.of(request, picture, Duration.ofSeconds(1)));
    try (InputStream in = body.open()) {
      byte[] bytes = in.readAllBytes();
      assertThat(bytes).hasSize((int) body.length());
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }

  @Test
  void whatIsAbsentStaysAbsentExceptTheCount() throws IOException {
    var submission = SubmissionFixtures.ofPrompt("a \"shop\" 🌷");
    assertThat(written(submission.request(), new byte[0]))
        .isEqualTo(
            "{\"model\":\"wan2.7-image\",\"input\":{\"messages\":[{\"role\":\"user\",\"content\":"
                + "[{\"text\":\"a \\\"shop\\\" 🌷\"}]}]},\"parameters\":{\"n\":1}}");
  }

  @Test
  void everyParameterArrivesFalseAndZeroToo() throws IOException {
    ImageRequest request =
        new ImageRequest(
            "wan2.7-image",
            List.of(
                new ContentPart.Image(new InputImage.Url("https://e.com/1.png?a=b&c")),
                new ContentPart.Text("x"),
                new ContentPart.Image(new InputImage.Url("https://e.com/2.png"))),
            new Size.Pixels(1024, 768),
            4,
            false,
            false,
            false,
            new ColorPalette(
                List.of(
                    new ColorPalette.Swatch("#FF0000", 2351),
                    new ColorPalette.Swatch("#00FF00", 7644),
                    new ColorPalette.Swatch("#0000FF", 5))),
            new BoundingBoxes(List.of(List.of(new BoundingBoxes.Box(0, 1, 20, 30)), List.of())),
            0,
            ResponseFormat.B64_JSON,
            Duration.ofHours(1),
            List.of());
    assertThat(written(request, new byte[0]))
        .isEqualTo(
            "{\"model\":\"wan2.7-image\",\"input\":{\"messages\":[{\"role\":\"user\",\"content\":"
                + "[{\"image\":\"https://e.com/1.png?a=b&c\"},{\"text\":\"x\"},"
                + "{\"image\":\"https://e.com/2.png\"}]}]},\"parameters\":{\"size\":\"1024*768\","
                + "\"n\":4,\"watermark\":false,\"thinking_mode\":false,\"enable_sequential\":false,"
                + "\"color_palette\":[{\"hex\":\"#FF0000\",\"ratio\":\"23.51%\"},"
                + "{\"hex\":\"#00FF00\",\"ratio\":\"76.44%\"},"
                + "{\"hex\":\"#0000FF\",\"ratio\":\"0.05%\"}],"
                + "\"bbox_list\":[[[0,1,20,30]],[]],\"seed\":0}}");
  }

  @Test
  void aTierIsWrittenInUpperCase() throws IOException {
    ImageRequest request =
        new ImageRequest(
            "m",
            List.of(new ContentPart.Text("x")),
            Size.Tier.K2,
            12,
            null,
            null,
            true,
            null,
            null,
            null,
            ResponseFormat.URL,
            null,
            List.of());
    assertThat(written(request, new byte[0]))
        .contains("\"parameters\":{\"size\":\"2K\",\"n\":12,\"enable_sequential\":true}");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 24_575, 24_576, 24_577, 100_000})
  void aStoredPictureBecomesADataUrlOnlyWhileItIsSent(int size) throws IOException {
    var submission = SubmissionFixtures.withPicture(size);
    byte[] picture;
    try (InputStream in = submission.inputBytes().apply(stored(submission.request())).open(0)) {
      picture = in.readAllBytes();
    }
    String text = written(submission.request(), picture);
    String url = json.readTree(text).at("/input/messages/0/content/0/image").asString();
    assertThat(url).startsWith("data:image/png;base64,");
    assertThat(Base64.getDecoder().decode(url.substring(url.indexOf(',') + 1))).isEqualTo(picture);
    assertThat(json.readTree(text).at("/input/messages/0/content/1/text").asString())
        .isEqualTo("x");
    assertThat(writer.write(submission).preview())
        .contains("\"image\":\"data:image/png;base64,(" + size + " bytes)\"},{\"text\":\"x\"}")
        .hasSizeLessThan(300);
  }

  private static InputImage.Stored stored(ImageRequest request) {
    return (InputImage.Stored) request.inputImages().getFirst();
  }
}
