package dev.moongate.sandbox.paint;

/** The numbers of the regions of a picture, in the order in which a palette runs through them. */
final class Region {
  static final int SKY = 0;

  private Region() {}

  static int ridge(int k) {
    return 1 + k;
  }

  static int water(int ridges) {
    return 1 + ridges;
  }

  static int bank(int ridges) {
    return 2 + ridges;
  }

  static int reveal(int ridges) {
    return 3 + ridges;
  }

  static int rim(int ridges) {
    return 4 + ridges;
  }

  static int wall(int ridges) {
    return 5 + ridges;
  }

  static int floor(int ridges) {
    return 6 + ridges;
  }

  static int count(int ridges) {
    return 7 + ridges;
  }
}
