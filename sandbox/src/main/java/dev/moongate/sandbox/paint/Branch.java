package dev.moongate.sandbox.paint;

import java.awt.geom.Path2D;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** A blossoming branch that reaches over the wall from one side, and the petals it loses. */
final class Branch {
  private final SplittableRandom random;
  private final double unit;
  private final boolean rich;
  private final List<Mark> wood = new ArrayList<>();
  private final List<Mark> blossoms = new ArrayList<>();

  private Branch(SplittableRandom random, double unit, boolean rich) {
    this.random = random;
    this.unit = unit;
    this.rich = rich;
  }

  static List<Mark> marks(Garden garden, SplittableRandom random, boolean left, boolean rich) {
    Branch branch = new Branch(random, garden.unit, rich);
    double side = left ? -1 : 1;
    double start = garden.gateX + side * (garden.gate + garden.unit * 0.16);
    double x = Math.clamp(start, -10, garden.width + 10);
    double y = garden.gateY - garden.gate * (0.35 + 0.35 * random.nextDouble());
    if (x == start) {
      branch.trunk(x, y, side * garden.unit * 0.09, garden.unit * 0.0125);
    }
    double angle = left ? 0.12 : Math.PI - 0.12;
    branch.grow(x, y, angle, garden.unit * 0.15, garden.unit * 0.0125, 5, left ? 1 : -1);
    branch.petals(garden, left);
    List<Mark> marks = branch.wood;
    marks.addAll(branch.blossoms);
    return marks;
  }

  /** On a wide wall the branch has come over the coping before it turns to the gate. */
  private void trunk(double x, double y, double out, double thick) {
    Path2D path = new Path2D.Double();
    path.moveTo(x + out - thick * 1.3, -10);
    path.quadTo(x + out * 0.9 - thick, y - thick, x, y - thick);
    path.lineTo(x, y + thick);
    path.quadTo(x + out * 0.9 + thick, y + thick, x + out + thick * 1.3, -10);
    path.closePath();
    wood.add(Mark.of(path, Mark.Stuff.INK));
    wood.add(Mark.of(Decor.circle(x, y, thick), Mark.Stuff.INK));
  }

  private void grow(
      double x, double y, double angle, double length, double thick, int more, int side) {
    double bend = angle + 0.35 * (random.nextDouble() - 0.5);
    double mx = x + Math.cos(bend) * length * 0.5;
    double my = y + Math.sin(bend) * length * 0.5;
    double ex = x + Math.cos(angle) * length;
    double ey = y + Math.sin(angle) * length;
    double thin = thick * 0.66;
    double nx = -Math.sin(angle);
    double ny = Math.cos(angle);
    Path2D path = new Path2D.Double();
    path.moveTo(x + nx * thick, y + ny * thick);
    path.quadTo(mx + nx * thick * 0.8, my + ny * thick * 0.8, ex + nx * thin, ey + ny * thin);
    path.lineTo(ex - nx * thin, ey - ny * thin);
    path.quadTo(mx - nx * thick * 0.8, my - ny * thick * 0.8, x - nx * thick, y - ny * thick);
    path.closePath();
    wood.add(Mark.of(path, Mark.Stuff.INK));
    wood.add(Mark.of(Decor.circle(ex, ey, thin), Mark.Stuff.INK));
    if (more <= 3) {
      flowers(x, y, ex, ey, more);
    }
    if (more == 0) {
      return;
    }
    double turn = 0.20 + 0.35 * random.nextDouble();
    grow(ex, ey, angle + turn * 0.5 * sign(), length * 0.84, thin, more - 1, side);
    grow(ex, ey, angle - side * (turn + 0.25), length * 0.62, thin * 0.72, more - 1, side);
    if (more > 2 || (rich && more == 2)) {
      grow(mx, my, angle + side * (turn + 0.45), length * 0.56, thin * 0.6, more - 2, side);
    }
  }

  private int sign() {
    return random.nextBoolean() ? 1 : -1;
  }

  private void flowers(double x, double y, double ex, double ey, int more) {
    int count = more == 0 ? 2 : 1;
    for (int i = 0; i < count; i++) {
      double t = 0.3 + 0.7 * random.nextDouble();
      double size = unit * (0.0042 + 0.0045 * random.nextDouble());
      double fx = x + (ex - x) * t + unit * 0.006 * (random.nextDouble() - 0.5);
      double fy = y + (ey - y) * t + unit * 0.006 * (random.nextDouble() - 0.5);
      flower(fx, fy, size);
    }
  }

  private void flower(double x, double y, double size) {
    double turn = random.nextDouble() * Math.PI;
    for (int petal = 0; petal < 5; petal++) {
      double angle = turn + petal * 2 * Math.PI / 5;
      blossoms.add(
          Mark.of(
              Decor.circle(
                  x + Math.cos(angle) * size * 0.78,
                  y + Math.sin(angle) * size * 0.78,
                  size * 0.62),
              Mark.Stuff.BLOSSOM));
    }
    blossoms.add(Mark.faint(Decor.circle(x, y, size * 0.34), Mark.Stuff.SUN, 0.8f));
  }

  private void petals(Garden garden, boolean left) {
    int count = rich ? 16 : 6;
    for (int i = 0; i < count; i++) {
      double across = random.nextDouble();
      double x = garden.gateX + (left ? -1 : 1) * garden.gate * (0.9 - 1.5 * across);
      double y = garden.gateY + garden.gate * (0.9 * random.nextDouble() - 0.25 + 0.3 * across);
      double s = unit * (0.0025 + 0.002 * random.nextDouble());
      Path2D petal = new Path2D.Double();
      double a = random.nextDouble() * Math.PI;
      petal.moveTo(x + Math.cos(a) * s * 1.6, y + Math.sin(a) * s * 1.6);
      petal.quadTo(
          x - Math.sin(a) * s, y + Math.cos(a) * s, x - Math.cos(a) * s, y - Math.sin(a) * s);
      petal.quadTo(
          x + Math.sin(a) * s,
          y - Math.cos(a) * s,
          x + Math.cos(a) * s * 1.6,
          y + Math.sin(a) * s * 1.6);
      blossoms.add(Mark.of(petal, Mark.Stuff.BLOSSOM));
    }
  }
}
