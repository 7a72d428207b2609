package dev.moongate.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class PictureTest extends SandboxFixture {
  private byte[] bytes(String parameters) throws Exception {
    var done = caller.generate("a quiet garden", parameters);
    return caller.download(Caller.links(done.json()).getFirst()).body();
  }

  private BufferedImage picture(String parameters) throws Exception {
    return ImageIO.read(new ByteArrayInputStream(bytes(parameters)));
  }

  @Test
  void sizeDecidesThePixels() throws Exception {
    BufferedImage picture = picture("{\"size\":\"1501*799\"}");
    assertThat(picture.getWidth()).isEqualTo(1501);
    assertThat(picture.getHeight()).isEqualTo(799);
  }

  @Test
  void sameSeedDrawsTheSamePictureAndAnotherAnother() throws Exception {
    byte[] first = bytes("{\"size\":\"1K\",\"seed\":0}");
    assertThat(bytes("{\"size\":\"1K\",\"seed\":0}")).isEqualTo(first);
    assertThat(bytes("{\"size\":\"1K\",\"seed\":1}")).isNotEqualTo(first);
    assertThat(bytes("{\"size\":\"1K\"}")).isNotEqualTo(first);
  }

  @Test
  void watermarkChangesOnlyTheLowerRightCorner() throws Exception {
    BufferedImage without = picture("{\"size\":\"1K\",\"seed\":3}");
    BufferedImage with = picture("{\"size\":\"1K\",\"seed\":3,\"watermark\":true}");
    int corner = 0;
    int elsewhere = 0;
    for (int y = 0; y < 1024; y++) {
      for (int x = 0; x < 1024; x++) {
        if (without.getRGB(x, y) != with.getRGB(x, y)) {
          boolean inCorner = x > 850 && y > 920;
          corner += inCorner ? 1 : 0;
          elsewhere += inCorner ? 0 : 1;
        }
      }
    }
    assertThat(corner).isGreaterThan(2000);
    assertThat(elsewhere).isZero();
  }

  @Test
  void paletteDecidesTheColoursAndTheirShares() throws Exception {
    int[] colors = {0xF4E4C1, 0xE3A587, 0xB5534D, 0x5D7B6F, 0x2F3E46, 0xD7B56D};
    double[] shares = {30, 25, 15, 12, 10, 8};
    StringBuilder palette = new StringBuilder();
    for (int i = 0; i < colors.length; i++) {
      palette.append(
          String.format(
              java.util.Locale.ROOT,
              "%s{\"hex\":\"#%06X\",\"ratio\":\"%.2f%%\"}",
              i == 0 ? "" : ",",
              colors[i],
              shares[i]));
    }
    for (int seed : List.of(0, 1, 2, 3)) {
      double[] seen =
          measure(
              picture(
                  "{\"size\":\"1K\",\"seed\":" + seed + ",\"color_palette\":[" + palette + "]}"),
              colors);
      for (int i = 0; i < colors.length; i++) {
        assertThat(seen[i]).as("seed %s colour %s", seed, i).isCloseTo(shares[i], within(2.0));
      }
    }
  }

  @Test
  void paletteHoldsForTheWatermarkToo() throws Exception {
    int[] colors = {0xC8102E, 0x101820, 0xF2E9DC};
    BufferedImage marked =
        picture(
            "{\"size\":\"1K\",\"seed\":2,\"watermark\":true,\"color_palette\":["
                + "{\"hex\":\"#C8102E\",\"ratio\":\"50.00%\"},{\"hex\":\"#101820\",\"ratio\":\"30.00%\"},"
                + "{\"hex\":\"#F2E9DC\",\"ratio\":\"20.00%\"}]}");
    int off = 0;
    for (int y = 965; y < 1000; y++) {
      for (int x = 900; x < 1000; x++) {
        int rgb = marked.getRGB(x, y) & 0xffffff;
        off += rgb == colors[nearest(rgb, colors)] ? 0 : 1;
      }
    }
    // The soft edges of the letters.
    assertThat(off).isLessThan(700);
  }

  private static double[] measure(BufferedImage picture, int[] colors) {
    double[] counts = new double[colors.length];
    for (int y = 0; y < picture.getHeight(); y++) {
      for (int x = 0; x < picture.getWidth(); x++) {
        counts[nearest(picture.getRGB(x, y), colors)]++;
      }
    }
    for (int i = 0; i < counts.length; i++) {
      counts[i] *= 100.0 / picture.getWidth() / picture.getHeight();
    }
    return counts;
  }

  private static int nearest(int rgb, int[] colors) {
    int best = 0;
    int least = Integer.MAX_VALUE;
    for (int i = 0; i < colors.length; i++) {
      int r = (rgb >> 16 & 255) - (colors[i] >> 16 & 255);
      int g = (rgb >> 8 & 255) - (colors[i] >> 8 & 255);
      int b = (rgb & 255) - (colors[i] & 255);
      int away = r * r + g * g + b * b;
      if (away < least) {
        least = away;
        best = i;
      }
    }
    return best;
  }
}
