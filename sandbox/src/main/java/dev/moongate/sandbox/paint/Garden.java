package dev.moongate.sandbox.paint;

import java.util.SplittableRandom;

/**
 * Where everything is, in pixels: the gate, the sun, the lines of the ridges, the water and the
 * bank. Lines are heights per column; a thing covers what lies below its line.
 */
final class Garden {
  final int width;
  final int height;
  final double unit;
  final double gateX;
  final double gateY;
  final double gate;
  final double rim;
  final double sunX;
  final double sunY;
  final double sun;
  final double waterLine;
  final double floorLine;

  /** The ridges from far to near, then the bank. */
  final float[][] lines;

  /** One over the thickness of a line's soft edge, per column: steep parts are softer. */
  final float[][] sharpness;

  Garden(int width, int height, long seed, int ridges, double sunHeight, double sunAcross) {
    SplittableRandom random = new SplittableRandom(seed);
    this.width = width;
    this.height = height;
    this.unit = Math.min(width, height);
    double shift =
        Math.clamp((double) width / height - 1.2, 0, 1) * 0.28 * (random.nextDouble() - 0.5);
    gateX = width * (0.5 + shift);
    gateY = height * 0.5 - unit * 0.015;
    gate = unit * (0.385 + 0.02 * random.nextDouble());
    rim = unit * 0.024;
    floorLine = gateY + gate * 1.02 + rim * 0.4;
    waterLine = gateY + gate * (0.30 + 0.14 * random.nextDouble());
    double across = sunAcross >= 0 ? sunAcross : 0.22 + 0.56 * random.nextDouble();
    sun = unit * (0.035 + 0.03 * random.nextDouble());
    sunX = gateX + gate * 1.5 * (across - 0.5);
    sunY = gateY + gate * (0.12 - 0.72 * sunHeight);
    lines = new float[ridges + 1][width];
    sharpness = new float[ridges + 1][width];
    for (int k = 0; k < ridges; k++) {
      ridge(k, ridges, random.nextLong());
    }
    bank(random.nextLong(), random.nextBoolean());
    for (int k = 0; k < lines.length; k++) {
      soften(lines[k], sharpness[k]);
    }
  }

  private void ridge(int k, int ridges, long salt) {
    Noise noise = new Noise(salt);
    double near = ridges == 1 ? 1 : (double) k / (ridges - 1);
    double base = gateY + gate * 0.06 + near * (waterLine - gateY - gate * 0.08);
    double swing = gate * (0.58 - 0.36 * near);
    double steps = 3.1 + 2.2 * near;
    for (int x = 0; x < width; x++) {
      double at = (x - gateX) / unit * steps + 50;
      double peak = noise.rough(at, 6, 0.46);
      double karst = Math.pow(peak, 1.6) * (1 - 0.25 * near) + 0.12 * noise.at(at * 0.5);
      lines[k][x] = (float) (base - swing * (karst - 0.18));
    }
  }

  private void bank(long salt, boolean left) {
    Noise noise = new Noise(salt);
    float[] line = lines[lines.length - 1];
    for (int x = 0; x < width; x++) {
      double at = (x - gateX) / gate;
      double slope = (left ? at : -at) * 0.16;
      double rise = 0.10 * (noise.rough(at * 1.7 + 9, 3, 0.4) - 0.5);
      line[x] = (float) (gateY + gate * (0.76 + slope - rise));
    }
  }

  private static void soften(float[] line, float[] sharp) {
    for (int x = 0; x < line.length; x++) {
      float before = line[Math.max(0, x - 1)];
      float after = line[Math.min(line.length - 1, x + 1)];
      sharp[x] = 1 / (1 + Math.abs(after - before) / 2);
    }
  }
}
