package dev.moongate.db;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moongate.image.BoundingBoxes;
import dev.moongate.image.ColorPalette;
import dev.moongate.image.ContentPart;
import dev.moongate.image.ImageRequest;
import dev.moongate.image.InputImage;
import dev.moongate.image.ResponseFormat;
import dev.moongate.image.Size;
import dev.moongate.image.Warning;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RequestJsonTest {
  private final RequestJson json = new RequestJson();

  static Stream<ImageRequest> requests() {
    List<ContentPart> text =
        List.of(new ContentPart.Text("a \"flower\"\n shop \ud83c\udf37 \u0000"));
    return Stream.of(
        new ImageRequest(
            "wan2.7-image",
            text,
            null,
            1,
            null,
            null,
            null,
            null,
            null,
            null,
            ResponseFormat.URL,
            null,
            List.of()),
        new ImageRequest(
            "wan2.7-image-pro",
            text,
            Size.Tier.K4,
            12,
            false,
            false,
            false,
            null,
            null,
            0,
            ResponseFormat.B64_JSON,
            Duration.ofSeconds(90),
            List.of()),
        new ImageRequest(
            "wan2.7-image-pro",
            List.of(
                new ContentPart.Image(new InputImage.Url("https://example.com/a?b=c&d")),
                new ContentPart.Text(""),
                new ContentPart.Image(
                    new InputImage.Stored("ab12", "image/png", 5_000_000_000L, 240, 8000))),
            new Size.Pixels(1024, 768),
            4,
            true,
            true,
            true,
            new ColorPalette(
                List.of(
                    new ColorPalette.Swatch("#C2D1E6", 2351),
                    new ColorPalette.Swatch("#000000", 0))),
            new BoundingBoxes(
                List.of(
                    List.of(new BoundingBoxes.Box(0, 0, 1, 2), new BoundingBoxes.Box(3, 4, 5, 6)),
                    List.of())),
            Integer.MAX_VALUE,
            ResponseFormat.URL,
            Duration.ofMillis(1500),
            List.of(new Warning("quality", "ignored_parameter", "has no use"))));
  }

  @ParameterizedTest
  @MethodSource("requests")
  void aRequestComesBackAsItWas(ImageRequest request) {
    assertThat(json.read(json.write(request))).isEqualTo(request);
  }

  @ParameterizedTest
  @MethodSource("requests")
  void nothingIsWrittenAsNull(ImageRequest request) {
    assertThat(json.write(request)).doesNotContain("null");
  }
}
