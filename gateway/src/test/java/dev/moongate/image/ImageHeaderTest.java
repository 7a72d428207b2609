package dev.moongate.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moongate.testing.Pictures;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ImageHeaderTest {
  static Stream<Arguments> pictures() {
    return Stream.of(
        Arguments.of("PNG", Pictures.png(300, 200), still(ImageFormat.PNG, 300, 200, false)),
        Arguments.of(
            "PNG, RGBA", Pictures.alphaPng(300, 200), still(ImageFormat.PNG, 300, 200, true)),
        Arguments.of(
            "PNG, transparent colour",
            Pictures.pngWith(300, 200, "tRNS", new byte[6]),
            still(ImageFormat.PNG, 300, 200, true)),
        Arguments.of(
            "PNG, animated",
            Pictures.pngWith(300, 200, "acTL", new byte[8]),
            new ImageHeader(ImageFormat.PNG, 300, 200, false, true, false)),
        Arguments.of("JPEG", Pictures.jpeg(301, 202), still(ImageFormat.JPEG, 301, 202, false)),
        Arguments.of(
            "JPEG, CMYK",
            Pictures.jpegHeader(301, 202, 4),
            new ImageHeader(ImageFormat.JPEG, 301, 202, false, false, true)),
        Arguments.of("BMP", Pictures.bmp(64, 48), still(ImageFormat.BMP, 64, 48, false)),
        Arguments.of(
            "WebP, lossy",
            Pictures.webp("VP8 ", 0, 0, 0, 0x9D, 1, 0x2A, 0x40, 1, 0xF0, 0),
            still(ImageFormat.WEBP, 320, 240, false)),
        Arguments.of(
            "WebP, lossless with alpha",
            Pictures.webp("VP8L", 0x2F, 0x3F, 0xC1, 0x3B, 0x10),
            still(ImageFormat.WEBP, 320, 240, true)),
        Arguments.of(
            "WebP, extended with alpha and animation",
            Pictures.webp("VP8X", 0x12, 0, 0, 0, 0x3F, 1, 0, 0xEF, 0, 0),
            new ImageHeader(ImageFormat.WEBP, 320, 240, true, true, false)));
  }

  private static ImageHeader still(ImageFormat format, int width, int height, boolean alpha) {
    return new ImageHeader(format, width, height, alpha, false, false);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("pictures")
  void saysWhatThePictureIs(String name, byte[] picture, ImageHeader header) throws IOException {
    assertThat(read(picture)).as(name).contains(header);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("pictures")
  void aHeaderThatEndsEarlyIsNoHeader(String name, byte[] picture, ImageHeader header)
      throws IOException {
    boolean found = false;
    for (int length = 0; length <= Math.min(picture.length, 2_000); length++) {
      Optional<ImageHeader> read = read(Arrays.copyOf(picture, length));
      assertThat(read.isEmpty() || read.orElseThrow().equals(header))
          .as(name + " " + length)
          .isTrue();
      assertThat(read.isPresent() || !found).as(name + " " + length).isTrue();
      found = read.isPresent();
    }
  }

  @Test
  void aCutPngIsStillKnownToWhoMustNotLoseIt() throws IOException {
    byte[] cut = Arrays.copyOf(Pictures.pngWith(300, 200, "tRNS", new byte[6]), 33);
    assertThat(ImageHeader.read(new ByteArrayInputStream(cut)))
        .contains(still(ImageFormat.PNG, 300, 200, false));
  }

  @Test
  void noBytesMakeItThrow() throws IOException {
    Random random = new Random(7);
    List<byte[]> seeds = pictures().map(a -> (byte[]) a.get()[1]).toList();
    for (int round = 0; round < 20_000; round++) {
      byte[] picture = seeds.get(round % seeds.size());
      picture = Arrays.copyOf(picture, Math.min(picture.length, 400));
      for (int flips = random.nextInt(4) + 1; flips > 0; flips--) {
        picture[random.nextInt(Math.min(picture.length, 60))] = (byte) random.nextInt();
      }
      read(picture).ifPresent(h -> assertThat(Math.min(h.width(), h.height())).isPositive());
    }
  }

  @Test
  void pixelsAreNeverAllocatedByADeclaredSize() throws IOException {
    byte[] bomb = Pictures.pngHeader(65_535, 65_535);
    assertThat(ImageHeader.read(new ByteArrayInputStream(bomb)).orElseThrow().width())
        .isEqualTo(65_535);
    assertThat(read(Pictures.pngHeader(0, 10))).isEmpty();
    assertThat(read(Pictures.pngHeader(-1, 10))).isEmpty();
  }

  private static Optional<ImageHeader> read(byte[] picture) throws IOException {
    return ImageHeader.readToPixels(new ByteArrayInputStream(picture));
  }
}
