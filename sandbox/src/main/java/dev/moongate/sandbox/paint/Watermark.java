package dev.moongate.sandbox.paint;

import java.awt.BasicStroke;
import java.awt.Shape;
import java.awt.geom.Path2D;
import java.awt.geom.RoundRectangle2D;
import java.util.List;

/** The mark bottom right: "AI" beside a spark, drawn in strokes because there are no fonts. */
final class Watermark {
  private Watermark() {}

  static List<Mark> marks(int width, int height) {
    double h = Math.min(width, height) * 0.042;
    double w = h * 2.5;
    double x = width - w - h * 0.5;
    double y = height - h * 1.5;
    Shape plate = new RoundRectangle2D.Double(x, y, w, h, h * 0.5, h * 0.5);
    Path2D lines = new Path2D.Double();
    star(lines, x + h * 0.54, y + h * 0.5, h * 0.3);
    double a = x + h * 1.08;
    lines.moveTo(a, y + h * 0.78);
    lines.lineTo(a + h * 0.26, y + h * 0.22);
    lines.lineTo(a + h * 0.52, y + h * 0.78);
    lines.moveTo(a + h * 0.11, y + h * 0.58);
    lines.lineTo(a + h * 0.41, y + h * 0.58);
    double i = x + h * 1.98;
    lines.moveTo(i - h * 0.12, y + h * 0.22);
    lines.lineTo(i + h * 0.12, y + h * 0.22);
    lines.moveTo(i, y + h * 0.22);
    lines.lineTo(i, y + h * 0.78);
    lines.moveTo(i - h * 0.12, y + h * 0.78);
    lines.lineTo(i + h * 0.12, y + h * 0.78);
    BasicStroke stroke =
        new BasicStroke((float) (h * 0.075), BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND);
    return List.of(
        Mark.faint(plate, Mark.Stuff.WATERMARK_DARK, 0.45f),
        Mark.faint(stroke.createStrokedShape(lines), Mark.Stuff.WATERMARK_LIGHT, 0.95f));
  }

  /** A four-pointed spark. */
  private static void star(Path2D lines, double x, double y, double r) {
    lines.moveTo(x, y - r);
    lines.quadTo(x, y, x + r, y);
    lines.quadTo(x, y, x, y + r);
    lines.quadTo(x, y, x - r, y);
    lines.quadTo(x, y, x, y - r);
  }
}
