package dev.moongate.sandbox.paint;

import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** The small things: coping, branch, pagoda, boat, birds, reeds, stars. */
final class Decor {
  private final Garden garden;
  private final SplittableRandom random;
  private final long starSeed;
  private final List<Mark> marks = new ArrayList<>();

  private Decor(Garden garden, long seed) {
    this.garden = garden;
    this.starSeed = seed + 1;
    this.random = new SplittableRandom(seed ^ 0x5DEECE66DL);
  }

  /** The marks of a picture, from back to front, in a list that can grow. */
  static List<Mark> marks(Garden garden, Plan plan) {
    Decor decor = new Decor(garden, plan.seed());
    boolean left = decor.random.nextBoolean();
    decor.stars(plan.light().stars());
    decor.pagoda(left ? 0.42 : -0.42);
    if (plan.rich()) {
      decor.boat(left ? -0.22 : 0.22);
      decor.birds(left ? 0.2 : -0.2);
      decor.reeds(left ? -1 : 1);
    }
    decor.joints();
    decor.coping();
    decor.marks.addAll(Branch.marks(garden, decor.random.split(), left, plan.rich()));
    return decor.marks;
  }

  private void stars(double many) {
    // A source of its own: a set from day to night must not change its garden with its stars.
    SplittableRandom random = new SplittableRandom(starSeed);
    int count = (int) (130 * many);
    for (int i = 0; i < count; i++) {
      double angle = random.nextDouble() * 2 * Math.PI;
      double away = Math.sqrt(random.nextDouble()) * garden.gate * 0.95;
      double x = garden.gateX + away * Math.cos(angle);
      double y = garden.gateY + away * Math.sin(angle);
      double size = garden.unit * (0.0006 + 0.0013 * random.nextDouble());
      float opacity = (float) (0.35 + 0.6 * random.nextDouble());
      if (x > 0 && x < garden.width && openSky((int) x, y + 3 * size)) {
        marks.add(Mark.faint(circle(x, y, size), Mark.Stuff.SUN, opacity));
      }
    }
  }

  private boolean openSky(int x, double y) {
    for (float[] line : garden.lines) {
      if (y > line[x]) {
        return false;
      }
    }
    return true;
  }

  /** Three roofs on a small island, on the shore of the water. */
  private void pagoda(double side) {
    double x = garden.gateX + garden.gate * side;
    double y = garden.waterLine + garden.gate * 0.012;
    double s = garden.gate * 0.085;
    marks.add(
        Mark.of(new Ellipse2D.Double(x - s * 1.7, y - s * 0.2, s * 3.4, s * 0.42), Mark.Stuff.INK));
    double wide = s * 0.62;
    double base = y;
    for (int tier = 0; tier < 3; tier++) {
      double wall = s * (0.42 - 0.05 * tier);
      marks.add(
          Mark.of(
              new Rectangle2D.Double(x - wide * 0.6, base - wall, wide * 1.2, wall + 1),
              Mark.Stuff.INK));
      marks.add(Mark.of(roof(x, base - wall, wide * 1.3, s * 0.3), Mark.Stuff.INK));
      base -= wall + s * 0.22;
      wide *= 0.8;
    }
    marks.add(
        Mark.of(
            new Rectangle2D.Double(x - s * 0.03, base - s * 0.34, s * 0.06, s * 0.4),
            Mark.Stuff.INK));
  }

  private static Path2D roof(double x, double y, double half, double rise) {
    Path2D roof = new Path2D.Double();
    roof.moveTo(x - half, y - rise * 0.25);
    roof.quadTo(x - half * 0.45, y - rise * 0.1, x - half * 0.22, y - rise);
    roof.lineTo(x + half * 0.22, y - rise);
    roof.quadTo(x + half * 0.45, y - rise * 0.1, x + half, y - rise * 0.25);
    roof.quadTo(x + half * 0.6, y + rise * 0.12, x + half * 0.5, y + rise * 0.1);
    roof.lineTo(x - half * 0.5, y + rise * 0.1);
    roof.quadTo(x - half * 0.6, y + rise * 0.12, x - half, y - rise * 0.25);
    roof.closePath();
    return roof;
  }

  private void boat(double side) {
    double x = garden.gateX + garden.gate * side;
    double room = garden.lines[garden.lines.length - 1][(int) Math.clamp(x, 0, garden.width - 1)];
    double y = garden.waterLine + (room - garden.waterLine) * 0.45;
    double s = garden.gate * 0.075;
    Path2D hull = new Path2D.Double();
    hull.moveTo(x - s, y - s * 0.16);
    hull.quadTo(x, y + s * 0.14, x + s * 1.1, y - s * 0.22);
    hull.quadTo(x + s * 0.3, y + s * 0.34, x - s * 0.6, y + s * 0.18);
    hull.closePath();
    marks.add(Mark.of(hull, Mark.Stuff.INK));
    Path2D sail = new Path2D.Double();
    sail.moveTo(x + s * 0.05, y + s * 0.02);
    sail.lineTo(x + s * 0.05, y - s * 1.35);
    sail.quadTo(x + s * 0.75, y - s * 0.8, x + s * 0.7, y - s * 0.05);
    sail.closePath();
    marks.add(Mark.of(sail, Mark.Stuff.INK));
    marks.add(
        Mark.faint(
            new Ellipse2D.Double(x - s, y + s * 0.16, s * 2, s * 0.16), Mark.Stuff.INK, 0.25f));
  }

  private void birds(double side) {
    int count = 3 + random.nextInt(4);
    for (int i = 0; i < count; i++) {
      double x = garden.gateX + garden.gate * (side + 0.09 * i - 0.15 + 0.05 * random.nextDouble());
      double y = garden.gateY - garden.gate * (0.42 + 0.06 * (i % 3) + 0.05 * random.nextDouble());
      double s = garden.gate * (0.018 + 0.012 * random.nextDouble());
      Path2D bird = new Path2D.Double();
      bird.moveTo(x - s, y - s * 0.25);
      bird.quadTo(x - s * 0.4, y - s * 0.5, x, y);
      bird.quadTo(x + s * 0.5, y - s * 0.6, x + s * 1.1, y - s * 0.4);
      bird.quadTo(x + s * 0.5, y - s * 0.3, x, y + s * 0.18);
      bird.quadTo(x - s * 0.4, y - s * 0.25, x - s, y - s * 0.25);
      marks.add(Mark.of(bird, Mark.Stuff.INK));
    }
  }

  private void reeds(int side) {
    for (int i = 0; i < 26; i++) {
      double at = side * (0.18 + 0.42 * random.nextDouble());
      int x = (int) Math.clamp(garden.gateX + garden.gate * at, 0, garden.width - 1);
      double y = garden.lines[garden.lines.length - 1][x] + garden.gate * 0.02;
      double tall = garden.gate * (0.07 + 0.13 * random.nextDouble());
      double lean = garden.gate * 0.09 * (random.nextDouble() - 0.5);
      double thick = garden.gate * 0.0035;
      Path2D reed = new Path2D.Double();
      reed.moveTo(x - thick, y);
      reed.quadTo(x - thick, y - tall * 0.6, x + lean, y - tall);
      reed.quadTo(x + thick, y - tall * 0.55, x + thick, y);
      reed.closePath();
      marks.add(Mark.of(reed, Mark.Stuff.INK));
    }
  }

  /** The joints between the stones of the floor, drawn together as they run away from us. */
  private void joints() {
    double from = garden.floorLine;
    double deep = garden.height - from;
    double half = garden.unit * 0.0012;
    marks.add(
        Mark.faint(
            new Rectangle2D.Double(0, from, garden.width, half * 3), Mark.Stuff.STONE, 0.6f));
    marks.add(
        Mark.faint(
            new Rectangle2D.Double(0, from + deep * 0.42, garden.width, half * 2),
            Mark.Stuff.STONE,
            0.4f));
    double step = garden.unit * 0.17;
    int each = (int) (garden.width / step) + 2;
    for (int i = -each; i <= each; i++) {
      double top = garden.gateX + (i + 0.5) * step;
      double low = garden.gateX + (i + 0.5) * step * 1.25;
      Path2D joint = new Path2D.Double();
      joint.moveTo(top - half, from);
      joint.lineTo(top + half, from);
      joint.lineTo(low + half, garden.height);
      joint.lineTo(low - half, garden.height);
      joint.closePath();
      marks.add(Mark.faint(joint, Mark.Stuff.STONE, 0.4f));
    }
  }

  /** The tiled top of the wall. */
  private void coping() {
    double deep = Math.max(0, garden.gateY - garden.gate - garden.rim) * 0.42;
    marks.add(Mark.of(new Rectangle2D.Double(0, 0, garden.width, deep), Mark.Stuff.STONE));
    double step = garden.unit * 0.034;
    for (double x = garden.gateX % step - step; x < garden.width + step; x += step) {
      marks.add(Mark.of(circle(x + step / 2, deep, step * 0.44), Mark.Stuff.STONE));
      marks.add(Mark.faint(circle(x + step / 2, deep, step * 0.26), Mark.Stuff.SUN, 0.16f));
    }
    marks.add(
        Mark.faint(
            new Rectangle2D.Double(0, deep - step * 0.5, garden.width, step * 0.1),
            Mark.Stuff.SUN,
            0.18f));
    marks.add(
        Mark.faint(
            new Rectangle2D.Double(0, deep, garden.width, step * 1.1), Mark.Stuff.INK, 0.10f));
  }

  static Ellipse2D circle(double x, double y, double radius) {
    return new Ellipse2D.Double(x - radius, y - radius, 2 * radius, 2 * radius);
  }
}
