package dev.moongate.sandbox.paint;

import java.util.Arrays;
import java.util.List;

/**
 * The colours of one region by the distance from its edge, four entries a pixel. A smooth ramp is
 * dithered along its length, so that no bands show and every row is still one flat run.
 */
final class Ramp {
  private static final int FINE = 4;

  private final int[] colors;

  private Ramp(int[] colors) {
    this.colors = colors;
  }

  int at(double distance) {
    int index = (int) (distance * FINE);
    return colors[index < 0 ? 0 : index >= colors.length ? colors.length - 1 : index];
  }

  static Ramp flat(int color) {
    return new Ramp(new int[] {color});
  }

  static Ramp smooth(int from, int to, double length) {
    int[] colors = new int[Math.max(2, (int) (length * FINE))];
    for (int channel = 0; channel < 24; channel += 8) {
      double a = from >> channel & 255;
      double b = to >> channel & 255;
      double error = 0;
      for (int pixel = 0; pixel < colors.length; pixel += FINE) {
        double t = (double) pixel / colors.length;
        double exact = a + (b - a) * t * (2 - t);
        int value = Math.clamp(Math.round(exact + error), 0, 255);
        error += exact - value;
        int end = Math.min(colors.length, pixel + FINE);
        for (int i = pixel; i < end; i++) {
          colors[i] |= value << channel;
        }
      }
    }
    return new Ramp(colors);
  }

  /** A colour from a distance on. */
  record Step(double from, int color) {}

  /** Flat colours with edges one pixel soft; the first step's distance does not matter. */
  static Ramp steps(List<Step> steps) {
    double last = steps.getLast().from();
    int[] colors = new int[Math.max(1, (int) ((Math.max(0, last) + 2) * FINE))];
    Arrays.fill(colors, steps.getFirst().color());
    for (int s = 1; s < steps.size(); s++) {
      int middle = (int) (steps.get(s).from() * FINE);
      for (int i = Math.max(0, middle - FINE / 2); i < colors.length; i++) {
        double share = Math.clamp((i - middle) / (double) FINE + 0.5, 0, 1);
        colors[i] = Colors.mix(colors[i], steps.get(s).color(), share);
      }
    }
    return new Ramp(colors);
  }
}
