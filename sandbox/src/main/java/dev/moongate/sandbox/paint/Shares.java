package dev.moongate.sandbox.paint;

import dev.moongate.sandbox.ask.Shade;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Paints a picture in the colours of a palette, each with its share of the area. The regions, from
 * the sky to the floor, are one long line of pixels; the palette, sorted by lightness, is laid
 * along it, so that every colour gets its length and neighbours go together.
 */
final class Shares {
  private static final int GRID = 420;
  private static final int INK = 1;
  private static final int BLOSSOM = 2;
  private static final int SUN = 3;

  private final Garden garden;
  private final List<Mark> marks;
  private final List<Shade> palette;
  private final Raster raster;
  private final long[] keys;
  private final int[] things;

  private Shares(List<Shade> palette, Garden garden, List<Mark> marks, Plan plan) {
    this.garden = garden;
    this.marks = marks;
    Comparator<Shade> light = Comparator.comparingDouble(s -> Colors.luminance(s.rgb()));
    this.palette = palette.stream().sorted(plan.darkSky() ? light : light.reversed()).toList();
    Paints any = Paints.of(plan.light(), garden);
    this.raster = new Raster(garden, any, plan.seed());
    this.keys = new long[GRID * GRID];
    this.things = new int[GRID * GRID];
  }

  static Paints paints(List<Shade> palette, Garden garden, List<Mark> marks, Plan plan) {
    return new Shares(palette, garden, marks, plan).paints();
  }

  private Paints paints() {
    look();
    long[] counts = new long[4];
    Arrays.stream(things).forEach(thing -> counts[thing]++);
    int ink = pick(counts[INK], Comparator.comparingDouble(s -> -Colors.luminance(s.rgb())), -1);
    int blossom =
        pick(counts[BLOSSOM], Comparator.comparingInt(s -> Colors.saturation(s.rgb())), ink);
    int sky = palette.getFirst().rgb();
    int sun = blossom >= 0 && blossom != sky ? blossom : -1;
    long[] left = new long[palette.size()];
    long whole = (long) GRID * GRID;
    for (int i = 0; i < left.length; i++) {
      int rgb = palette.get(i).rgb();
      left[i] = whole * palette.get(i).basisPoints() / 10_000;
      left[i] -= rgb == ink ? counts[INK] : 0;
      left[i] -= rgb == blossom ? counts[BLOSSOM] : 0;
      left[i] -= rgb == sun ? counts[SUN] : 0;
    }
    boolean[] free = {true, ink < 0, blossom < 0, sun < 0};
    return new Paints(
        List.of(regions(left, free)), sun, sky, ink, blossom, 0, false, ink >= 0, blossom >= 0);
  }

  /** What is where, on a grid over the picture. */
  private void look() {
    int[] drawn = drawMarks();
    for (int i = 0; i < GRID; i++) {
      for (int j = 0; j < GRID; j++) {
        int x = (int) ((j + 0.5) * garden.width / GRID);
        int y = (int) ((i + 0.5) * garden.height / GRID);
        int at = i * GRID + j;
        keys[at] = raster.locate(x, y);
        boolean sun = keys[at] >>> 32 == Region.SKY && raster.inSun(x, y);
        things[at] = drawn[at] > 0 ? drawn[at] : sun ? SUN : 0;
      }
    }
  }

  private int[] drawMarks() {
    BufferedImage small = new BufferedImage(GRID * 2, GRID * 2, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = small.createGraphics();
    graphics.scale(GRID * 2.0 / garden.width, GRID * 2.0 / garden.height);
    for (Mark mark : marks) {
      if (mark.opacity() == 1
          && (mark.stuff() == Mark.Stuff.INK || mark.stuff() == Mark.Stuff.BLOSSOM)) {
        graphics.setColor(new Color(mark.stuff() == Mark.Stuff.INK ? INK : BLOSSOM));
        graphics.fill(mark.shape());
      }
    }
    graphics.dispose();
    int[] drawn = new int[GRID * GRID];
    for (int i = 0; i < drawn.length; i++) {
      drawn[i] = small.getRGB(i % GRID * 2, i / GRID * 2) & 0xff;
    }
    return drawn;
  }

  /** The colour that is most of what is asked and has area enough, or -1. */
  private int pick(long area, Comparator<Shade> most, int not) {
    long need = area * 10_000 / ((long) GRID * GRID) + 30;
    return palette.stream()
        .filter(shade -> shade.rgb() != not && shade.basisPoints() > need)
        .max(most)
        .map(Shade::rgb)
        .orElse(-1);
  }

  /**
   * Lays the palette along the regions twice: once through the gate, from the sky to the bank, once
   * over the wall the other way round. So every colour stands inside and outside, and neither side
   * of an edge is like the other.
   */
  private Ramp[] regions(long[] left, boolean[] free) {
    long[] line = new long[keys.length];
    int length = 0;
    for (int i = 0; i < keys.length; i++) {
      if (free[things[i]]) {
        line[length++] = keys[i];
      }
    }
    Arrays.sort(line, 0, length);
    int ridges = garden.lines.length - 1;
    int split = Arrays.binarySearch(line, 0, length, (long) Region.reveal(ridges) << 32);
    split = split < 0 ? -split - 1 : split;
    long[] inside = new long[left.length];
    long[] outside = new long[left.length];
    int[] forth = new int[left.length];
    int[] back = new int[left.length];
    for (int i = 0; i < left.length; i++) {
      long quota = Math.max(0, left[i]);
      inside[i] = quota * split / Math.max(1, length);
      outside[left.length - 1 - i] = quota - inside[i];
      forth[i] = palette.get(i).rgb();
      back[left.length - 1 - i] = palette.get(i).rgb();
    }
    Ramp[] ramps = new Ramp[Region.count(ridges)];
    Arrays.fill(ramps, Ramp.flat(palette.getLast().rgb()));
    lay(ramps, line, 0, split, inside, forth);
    lay(ramps, line, split, length, outside, back);
    return ramps;
  }

  private static void lay(Ramp[] ramps, long[] line, int from, int to, long[] left, int[] colors) {
    int color = 0;
    int at = from;
    while (at < to) {
      int region = (int) (line[at] >>> 32);
      List<Ramp.Step> steps = new ArrayList<>();
      for (; at < to && line[at] >>> 32 == region; at++) {
        boolean next = steps.isEmpty();
        while (left[color] <= 0 && color < left.length - 1) {
          color++;
          next = true;
        }
        if (next) {
          steps.add(new Ramp.Step((int) line[at] / 16.0, colors[color]));
        }
        left[color]--;
      }
      ramps[region] = Ramp.steps(steps);
    }
  }
}
