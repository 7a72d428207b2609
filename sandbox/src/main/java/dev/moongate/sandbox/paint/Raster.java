package dev.moongate.sandbox.paint;

import java.util.Arrays;

/** Paints the large things - sky, ridges, water, wall - straight into rows of pixels. */
final class Raster {
  private static final double GLOW = 7;

  private final Garden garden;
  private final Paints paints;
  private final int ridges;
  private final int[] glow = new int[256];
  private final Noise ripples;
  private double rippleShift;
  private int rippleShare;
  private double glitter;

  Raster(Garden garden, Paints paints, long seed) {
    this.garden = garden;
    this.paints = paints;
    this.ridges = garden.lines.length - 1;
    this.ripples = new Noise(seed);
    for (int i = 0; i < glow.length; i++) {
      double away = 1 - i / 255.0;
      glow[i] = (int) (185 * away * away * away);
    }
  }

  /** Paints one row into {@code out} from {@code at} on. */
  void row(int y, int[] out, int at) {
    prepareRipples(y);
    double dy = y + 0.5 - garden.gateY;
    double outer = garden.gate + garden.rim;
    double half = Math.sqrt(Math.max(0, outer * outer - dy * dy)) + 2;
    int left = (int) Math.clamp(garden.gateX - half, 0, garden.width);
    int right = (int) Math.clamp(garden.gateX + half, left, garden.width);
    outside(y, dy, 0, left, out, at);
    for (int x = left; x < right; x++) {
      out[at + x] = gate(x, y, dy);
    }
    outside(y, dy, right, garden.width, out, at);
  }

  private void prepareRipples(int y) {
    double depth = (y - garden.waterLine) / garden.gate;
    if (depth < 0 || !paints.soft()) {
      return;
    }
    double lines = Math.pow(depth + 0.02, 0.55) * 95;
    double wave = ripples.rough(lines, 2, 0.5) - 0.5;
    rippleShift = wave * garden.gate * (0.03 + 0.16 * depth);
    rippleShare = (int) Math.clamp(256 * (0.22 + 0.5 * depth + 0.22 * wave), 0, 256);
    glitter =
        Math.max(0, ripples.at(lines * 1.7 + 400) - 0.42) * 2.2 * Math.max(0, 1 - depth * 1.1);
  }

  private void outside(int y, double dy, int from, int to, int[] out, int at) {
    if (y >= garden.floorLine) {
      int color = paints.region(Region.floor(ridges)).at(y - garden.floorLine);
      Arrays.fill(out, at + from, at + to, color);
      return;
    }
    Ramp wall = paints.region(Region.wall(ridges));
    double edge = garden.gate + garden.rim;
    for (int x = from; x < to; x++) {
      double dx = x + 0.5 - garden.gateX;
      out[at + x] = wall.at(Math.sqrt(dx * dx + dy * dy) - edge);
    }
  }

  private int gate(int x, int y, double dy) {
    double dx = x + 0.5 - garden.gateX;
    double away = Math.sqrt(dx * dx + dy * dy) - garden.gate;
    if (away < -0.5) {
      return opening(x, y, dx, dy);
    }
    if (y >= garden.floorLine) {
      return paints.region(Region.floor(ridges)).at(y - garden.floorLine);
    }
    int rim = paints.region(Region.rim(ridges)).at(away);
    if (away < 0.5) {
      return Colors.mix(opening(x, y, dx, dy), rim, away + 0.5);
    }
    double past = away - garden.rim;
    if (past < -0.5) {
      return rim;
    }
    int wall = paints.region(Region.wall(ridges)).at(past);
    return past < 0.5 ? Colors.mix(rim, wall, past + 0.5) : wall;
  }

  /** Inside the gate: the thickness of the wall on one side, the landscape on the other. */
  private int opening(int x, int y, double dx, double dy) {
    double reveal = reveal(dx, dy);
    if (reveal < -0.5) {
      return landscape(x, y);
    }
    int stone = paints.region(Region.reveal(ridges)).at(dy + garden.gate);
    return reveal < 0.5 ? Colors.mix(landscape(x, y), stone, reveal + 0.5) : stone;
  }

  private double reveal(double dx, double dy) {
    double shift = garden.unit * 0.012;
    double ex = dx - shift;
    double ey = dy + shift * 0.6;
    double inner = garden.gate - garden.unit * 0.006;
    return Math.sqrt(ex * ex + ey * ey) - inner;
  }

  private int landscape(int x, int y) {
    double depth = y + 0.5 - garden.lines[ridges][x];
    double cover = depth * garden.sharpness[ridges][x] + 0.5;
    if (cover >= 1) {
      return paints.region(Region.bank(ridges)).at(depth);
    }
    int behind = y >= (int) garden.waterLine ? water(x, y) : land(x, y, ridges - 1);
    if (cover <= 0) {
      return behind;
    }
    return Colors.mix(behind, paints.region(Region.bank(ridges)).at(0), cover);
  }

  private int land(int x, double y, int nearest) {
    for (int k = nearest; k >= 0; k--) {
      double depth = y + 0.5 - garden.lines[k][x];
      double cover = depth * garden.sharpness[k][x] + 0.5;
      if (cover >= 1) {
        return paints.region(Region.ridge(k)).at(depth);
      }
      if (cover > 0) {
        return Colors.mix(land(x, y, k - 1), paints.region(Region.ridge(k)).at(0), cover);
      }
    }
    return sky(x, y);
  }

  private int sky(int x, double y) {
    int sky = paints.region(Region.SKY).at(y - garden.gateY + garden.gate);
    double dx = x + 0.5 - garden.sunX;
    double dy = y + 0.5 - garden.sunY;
    double reach = garden.sun * GLOW;
    if (Math.abs(dx) > reach || Math.abs(dy) > reach) {
      return sky;
    }
    double away = Math.sqrt(dx * dx + dy * dy);
    if (away >= garden.sun + 0.5) {
      int step = (int) ((away - garden.sun) / (reach - garden.sun) * 255);
      return paints.soft() && step < 255 ? Colors.mix256(sky, paints.sun(), glow[step]) : sky;
    }
    int around = paints.soft() ? Colors.mix256(sky, paints.sun(), glow[0]) : sky;
    return Colors.mix(paints.sunOn(sky), around, Math.clamp(away - garden.sun + 0.5, 0, 1));
  }

  private int water(int x, int y) {
    double depth = y - garden.waterLine;
    if (!paints.soft()) {
      return paints.region(Region.water(ridges)).at(depth);
    }
    double mirrored = garden.waterLine - depth * 1.15 - Math.abs(rippleShift);
    int color = Colors.mix256(land(x, mirrored, ridges - 1), paints.water(), rippleShare);
    double across = (x - garden.sunX) / (garden.sun * (0.9 + 4 * depth / garden.gate));
    double near = 1 - across * across;
    if (near > 0 && glitter > 0) {
      return Colors.mix(color, paints.sun(), Math.min(0.85, near * glitter));
    }
    return color;
  }

  /** The region of a pixel in the upper half of the answer, the distance from its edge below. */
  long locate(int x, int y) {
    double dx = x + 0.5 - garden.gateX;
    double dy = y + 0.5 - garden.gateY;
    double away = Math.sqrt(dx * dx + dy * dy) - garden.gate;
    if (away >= 0 && y >= garden.floorLine) {
      return key(Region.floor(ridges), y - garden.floorLine);
    }
    if (away >= garden.rim) {
      return key(Region.wall(ridges), away - garden.rim);
    }
    if (away >= 0) {
      return key(Region.rim(ridges), away);
    }
    if (reveal(dx, dy) >= 0) {
      return key(Region.reveal(ridges), dy + garden.gate);
    }
    if (y + 0.5 >= garden.lines[ridges][x]) {
      return key(Region.bank(ridges), y + 0.5 - garden.lines[ridges][x]);
    }
    if (y >= (int) garden.waterLine) {
      return key(Region.water(ridges), y - garden.waterLine);
    }
    for (int k = ridges - 1; k >= 0; k--) {
      if (y + 0.5 >= garden.lines[k][x]) {
        return key(Region.ridge(k), y + 0.5 - garden.lines[k][x]);
      }
    }
    return key(Region.SKY, y - garden.gateY + garden.gate);
  }

  private static long key(int region, double distance) {
    return (long) region << 32 | (int) (Math.max(0, distance) * 16);
  }

  boolean inSun(int x, int y) {
    return Math.hypot(x + 0.5 - garden.sunX, y + 0.5 - garden.sunY) < garden.sun;
  }
}
