package dev.moongate.sandbox.paint;

import java.util.List;

/** The colours of a time of day or a season, and how high the sun or moon stands (0 to 1). */
record Light(
    int skyTop,
    int skyLow,
    int sun,
    int ridgeFar,
    int ridgeNear,
    int mist,
    int water,
    int wallNear,
    int wallFar,
    int rim,
    int floor,
    int ink,
    int blossom,
    double sunHeight,
    double stars) {

  static final Light DAWN =
      new Light(
          0x7488B0, 0xF9CFAE, 0xFFF0D6, 0xB9A2B8, 0x4B4A6A, 0xF5D8C4, 0x8FA0B8, 0xF8F0E4, 0xE0D0BC,
          0x8C7A6B, 0xA8998A, 0x2B2633, 0xE88FA2, 0.30, 0);
  static final Light DAY =
      new Light(
          0x5BA3CF, 0xE2F2F3, 0xFFFBEA, 0xA2C6D0, 0x2F6B5E, 0xDCEEEA, 0x6FB0BE, 0xFDFAF3, 0xE4DCCD,
          0x7D7F7A, 0xB9B2A6, 0x22332E, 0xF29BB0, 0.86, 0);
  static final Light GOLDEN =
      new Light(
          0xE58A50, 0xFDE6AE, 0xFFF8D8, 0xDDA876, 0x6B3A34, 0xFADCA8, 0xD79A62, 0xF6E6D0, 0xD6B793,
          0x7A4B38, 0xA57C5D, 0x2E1A1A, 0xD8433B, 0.48, 0);
  static final Light DUSK =
      new Light(
          0x322D63, 0xF5916F, 0xFFDDA8, 0x8F5F8C, 0x2A2348, 0xDF9490, 0x5A4A7A, 0xE9DADB, 0xAF98AC,
          0x4B3A55, 0x7C6A80, 0x171329, 0xF2A7B5, 0.22, 0.25);
  static final Light NIGHT =
      new Light(
          0x0B1530, 0x34507A, 0xF8F4E2, 0x40608A, 0x0E1B33, 0x5F7CA2, 0x1C3357, 0xCBD3E0, 0x7D8AA3,
          0x3C475E, 0x5B667C, 0x070C18, 0xD5E0F2, 0.74, 1);
  static final Light SNOW =
      new Light(
          0xA3B7CA, 0xF1F4F6, 0xFFE6D2, 0xC6D2DC, 0x6D8294, 0xF5F7F9, 0xA9BCC9, 0xFAFAF8, 0xD6DBDF,
          0x66707A, 0xE8ECEE, 0x2A3036, 0xD6455A, 0.52, 0);
  static final Light AUTUMN =
      new Light(
          0x86A9BA, 0xF8EBD4, 0xFFF5DA, 0xC4AF92, 0x8A3F2A, 0xF4E1C2, 0x9AA79C, 0xF8F0E2, 0xDAC7AA,
          0x6B4A3A, 0xB08D6A, 0x2C1B17, 0xE2572B, 0.62, 0);
  static final Light JADE =
      new Light(
          0xA9D0C0, 0xF8F6E6, 0xFBD57E, 0xABCFBC, 0x1F4E46, 0xEBF3E5, 0x8FBDAA, 0xFBF8EE, 0xDDD8C4,
          0x3F5B52, 0xB7B79F, 0x15302C, 0xF3B6A6, 0.70, 0);

  /** Any of these may be drawn when the prompt names none. */
  static final List<Light> ALL = List.of(DAWN, DAY, GOLDEN, DUSK, NIGHT, SNOW, AUTUMN, JADE);

  private static final List<Light> DAY_LONG = List.of(DAWN, DAY, GOLDEN, DUSK, NIGHT);

  /** The light at a moment between first dawn (0) and deep night (1). */
  static Light ofDay(double moment) {
    double at = Math.clamp(moment, 0, 1) * (DAY_LONG.size() - 1);
    int before = Math.min((int) at, DAY_LONG.size() - 2);
    return between(DAY_LONG.get(before), DAY_LONG.get(before + 1), at - before);
  }

  private static Light between(Light a, Light b, double t) {
    return new Light(
        Colors.mix(a.skyTop, b.skyTop, t),
        Colors.mix(a.skyLow, b.skyLow, t),
        Colors.mix(a.sun, b.sun, t),
        Colors.mix(a.ridgeFar, b.ridgeFar, t),
        Colors.mix(a.ridgeNear, b.ridgeNear, t),
        Colors.mix(a.mist, b.mist, t),
        Colors.mix(a.water, b.water, t),
        Colors.mix(a.wallNear, b.wallNear, t),
        Colors.mix(a.wallFar, b.wallFar, t),
        Colors.mix(a.rim, b.rim, t),
        Colors.mix(a.floor, b.floor, t),
        Colors.mix(a.ink, b.ink, t),
        Colors.mix(a.blossom, b.blossom, t),
        a.sunHeight + (b.sunHeight - a.sunHeight) * t,
        a.stars + (b.stars - a.stars) * t);
  }
}
