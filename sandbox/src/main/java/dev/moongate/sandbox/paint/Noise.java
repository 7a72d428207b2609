package dev.moongate.sandbox.paint;

/** Smooth noise over a line, between 0 and 1, the same for the same salt. */
final class Noise {
  private final long salt;

  Noise(long salt) {
    this.salt = salt;
  }

  double at(double x) {
    long cell = (long) Math.floor(x);
    double part = x - cell;
    double eased = part * part * (3 - 2 * part);
    return point(cell) + (point(cell + 1) - point(cell)) * eased;
  }

  /** Several sizes of it on top of each other: hills with stones. */
  double rough(double x, int octaves, double fade) {
    double sum = 0;
    double weight = 1;
    double all = 0;
    for (int i = 0; i < octaves; i++) {
      sum += weight * at(x * (1 << i) + 17.3 * i);
      all += weight;
      weight *= fade;
    }
    return sum / all;
  }

  private double point(long cell) {
    long z = (cell + salt) * 0x9E3779B97F4A7C15L;
    z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
    z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
    return ((z ^ z >>> 31) >>> 11) * 0x1p-53;
  }
}
