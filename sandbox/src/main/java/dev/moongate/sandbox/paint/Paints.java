package dev.moongate.sandbox.paint;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What each region is painted with. Soft paints add mist, glow and reflections; flat ones leave
 * them out, so that every pixel has a colour of the palette, and have a foreground for the small
 * things.
 */
record Paints(
    List<Ramp> regions,
    int sun,
    int water,
    int ink,
    int blossom,
    int stone,
    @Nullable Foreground foreground) {

  Ramp region(int number) {
    return regions.get(number);
  }

  /** In the colours of a palette. */
  static Paints flat(List<Ramp> regions, Foreground foreground) {
    return new Paints(regions, 0, 0, 0, 0, 0, foreground);
  }

  boolean soft() {
    return foreground == null;
  }

  /** The sun or moon on a sky of this colour. */
  int sunOn(int sky) {
    return foreground == null ? sun : foreground.blossom(sky);
  }

  static Paints of(Light light, Garden garden) {
    int ridges = garden.lines.length - 1;
    Ramp[] regions = new Ramp[Region.count(ridges)];
    double sky = garden.waterLine - (garden.gateY - garden.gate);
    regions[Region.SKY] = Ramp.smooth(light.skyTop(), light.skyLow(), sky * 0.95);
    for (int k = 0; k < ridges; k++) {
      double near = ridges == 1 ? 1 : (double) k / (ridges - 1);
      int top = Colors.mix(light.ridgeFar(), light.ridgeNear(), Math.pow(near, 1.2));
      int foot = Colors.mix(top, light.mist(), 0.85 - 0.35 * near);
      regions[Region.ridge(k)] = Ramp.smooth(top, foot, garden.gate * (0.55 - 0.2 * near));
    }
    int bank = Colors.mix(light.ridgeNear(), light.ink(), 0.55);
    regions[Region.water(ridges)] = Ramp.flat(light.water());
    regions[Region.bank(ridges)] =
        Ramp.smooth(Colors.mix(bank, light.mist(), 0.10), light.ink(), garden.gate * 0.4);
    regions[Region.reveal(ridges)] =
        Ramp.smooth(
            Colors.mix(light.rim(), light.wallFar(), 0.45),
            Colors.mix(light.rim(), light.ink(), 0.35),
            garden.gate * 2);
    regions[Region.rim(ridges)] =
        Ramp.smooth(Colors.mix(light.rim(), light.ink(), 0.4), light.rim(), garden.rim);
    regions[Region.wall(ridges)] =
        Ramp.smooth(light.wallNear(), light.wallFar(), garden.unit * 0.5);
    regions[Region.floor(ridges)] =
        Ramp.smooth(
            Colors.mix(light.floor(), light.ink(), 0.25),
            light.floor(),
            garden.height - garden.floorLine);
    return new Paints(
        List.of(regions),
        light.sun(),
        light.water(),
        light.ink(),
        light.blossom(),
        Colors.mix(light.rim(), light.ink(), 0.3),
        null);
  }
}
