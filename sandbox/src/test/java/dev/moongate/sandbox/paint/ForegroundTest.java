package dev.moongate.sandbox.paint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moongate.sandbox.ask.Shade;
import java.util.List;
import org.junit.jupiter.api.Test;

class ForegroundTest {
  private static final List<Shade> PALETTE =
      List.of(new Shade(0xC8102E, 5000), new Shade(0x101820, 3000), new Shade(0xF2E9DC, 2000));

  @Test
  void nothingIsLostOnWhatLiesBehindIt() {
    Foreground foreground = new Foreground(PALETTE, 300, 300);
    for (Shade shade : PALETTE) {
      int behind = shade.rgb();
      int wood = foreground.wood(behind);
      int blossom = foreground.blossom(behind);
      assertThat(Colors.contrast(wood, behind)).isGreaterThan(200);
      assertThat(Colors.contrast(blossom, behind)).isGreaterThan(200);
      assertThat(blossom).isNotEqualTo(wood);
    }
    assertThat(foreground.wood(0xF2E9DC)).as("the darkest where it shows").isEqualTo(0x101820);
    assertThat(foreground.blossom(0xF2E9DC)).as("the most vivid").isEqualTo(0xC8102E);
  }

  @Test
  void softEdgeIsTakenForOneOfItsSides() {
    Foreground foreground = new Foreground(PALETTE, 300, 300);
    int edge = Colors.mix(0xC8102E, 0xF2E9DC, 0.4);
    assertThat(foreground.wood(edge)).isEqualTo(foreground.wood(0xC8102E));
  }

  @Test
  void colourWithLessThanTheAreaIsNotUsed() {
    List<Shade> uneven =
        List.of(new Shade(0x101820, 200), new Shade(0xC8102E, 200), new Shade(0xF2E9DC, 9600));
    Foreground foreground = new Foreground(uneven, 300, 300);
    assertThat(foreground.wood(0xF2E9DC)).isEqualTo(0xF2E9DC);
    assertThat(foreground.wood(0x101820)).isEqualTo(0xF2E9DC);
  }
}
