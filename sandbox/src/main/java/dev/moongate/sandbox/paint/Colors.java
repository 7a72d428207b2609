package dev.moongate.sandbox.paint;

/** Arithmetic on 24 bit RGB colours. */
final class Colors {
  private Colors() {}

  /** A colour between two: {@code share} 0 is the first, 1 the second. */
  static int mix(int a, int b, double share) {
    int part = (int) (share * 256 + 0.5);
    return mix256(a, b, part);
  }

  /** The same with the share in 256ths: the form for inner loops. */
  static int mix256(int a, int b, int part) {
    int rb = ((a & 0xff00ff) * (256 - part) + (b & 0xff00ff) * part) >>> 8 & 0xff00ff;
    int g = ((a & 0xff00) * (256 - part) + (b & 0xff00) * part) >>> 8 & 0xff00;
    return rb | g;
  }

  /** How far apart two colours look: 0 for the same, about 765 for black and white. */
  static double contrast(int a, int b) {
    double red = ((a >> 16 & 255) + (b >> 16 & 255)) / 512.0;
    int r = (a >> 16 & 255) - (b >> 16 & 255);
    int g = (a >> 8 & 255) - (b >> 8 & 255);
    int blue = (a & 255) - (b & 255);
    return Math.sqrt((2 + red) * r * r + 4.0 * g * g + (3 - red) * blue * blue);
  }

  static double luminance(int rgb) {
    return 0.2126 * (rgb >> 16 & 255) + 0.7152 * (rgb >> 8 & 255) + 0.0722 * (rgb & 255);
  }

  static int saturation(int rgb) {
    int r = rgb >> 16 & 255;
    int g = rgb >> 8 & 255;
    int b = rgb & 255;
    return Math.max(r, Math.max(g, b)) - Math.min(r, Math.min(g, b));
  }
}
