package dev.moongate.sandbox.paint;

import dev.moongate.sandbox.ask.Shade;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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

  /** The keys in order. */
  private final long[] line;

  private Shares(List<Shade> palette, Garden garden, List<Mark> marks, Plan plan) {
    this.garden = garden;
    this.marks = marks;
    Comparator<Shade> light = Comparator.comparingDouble(s -> Colors.luminance(s.rgb()));
    this.palette =
        together(palette).stream().sorted(plan.darkSky() ? light : light.reversed()).toList();
    Paints any = Paints.of(plan.light(), garden);
    this.raster = new Raster(garden, any, plan.seed());
    this.keys = new long[GRID * GRID];
    this.things = new int[GRID * GRID];
    this.line = new long[GRID * GRID];
  }

  /** A colour that stands twice is one colour with both shares. */
  private static List<Shade> together(List<Shade> palette) {
    Map<Integer, Integer> shares = new LinkedHashMap<>();
    palette.forEach(shade -> shares.merge(shade.rgb(), shade.basisPoints(), Integer::sum));
    return shares.entrySet().stream().map(e -> new Shade(e.getKey(), e.getValue())).toList();
  }

  static Paints paints(List<Shade> palette, Garden garden, List<Mark> marks, Plan plan) {
    return new Shares(palette, garden, marks, plan).paints();
  }

  private Paints paints() {
    look();
    double cell = 10_000.0 / keys.length;
    Foreground foreground =
        new Foreground(palette, cell * count(INK), cell * (count(BLOSSOM) + count(SUN)));
    long[] quota = new long[palette.size()];
    for (int i = 0; i < quota.length; i++) {
      quota[i] = target(i);
    }
    Arrays.sort(line);
    Paints paints = Paints.flat(List.of(regions(quota)), foreground);
    // What the small things cover and what they take depends on what lies where: a few rounds of
    // putting right what came of it are enough.
    for (int round = 0; round < 4; round++) {
      long[] seen = measure(paints, foreground);
      for (int i = 0; i < quota.length; i++) {
        quota[i] += target(i) - seen[i];
      }
      paints = Paints.flat(List.of(regions(quota)), foreground);
    }
    return paints;
  }

  private long target(int color) {
    return (long) keys.length * palette.get(color).basisPoints() / 10_000;
  }

  private long count(int thing) {
    return Arrays.stream(things).filter(t -> t == thing).count();
  }

  /** How many cells of the grid have each colour. */
  private long[] measure(Paints paints, Foreground foreground) {
    Map<Integer, Integer> index = new HashMap<>();
    for (int i = 0; i < palette.size(); i++) {
      index.put(palette.get(i).rgb(), i);
    }
    long[] counts = new long[palette.size()];
    for (int i = 0; i < keys.length; i++) {
      int behind = paints.region((int) (keys[i] >>> 32)).at((int) keys[i] / 16.0);
      int rgb =
          switch (things[i]) {
            case INK -> foreground.wood(behind);
            case BLOSSOM, SUN -> foreground.blossom(behind);
            default -> behind;
          };
      // The soft pixel between two colours is none of them.
      Integer color = index.get(rgb);
      if (color != null) {
        counts[color]++;
      }
    }
    return counts;
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
        line[at] = keys[at];
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
      if (mark.firm() && (mark.stuff() == Mark.Stuff.INK || mark.stuff() == Mark.Stuff.BLOSSOM)) {
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

  /**
   * Lays the palette along the regions twice: once through the gate, from the sky to the bank, once
   * over the wall the other way round. So every colour stands inside and outside, and neither side
   * of an edge is like the other.
   */
  private Ramp[] regions(long[] left) {
    int length = line.length;
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
