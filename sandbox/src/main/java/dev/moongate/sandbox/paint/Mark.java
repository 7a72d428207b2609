package dev.moongate.sandbox.paint;

import java.awt.Shape;
import java.awt.geom.Rectangle2D;

/** One small shape on top of the painting: what it is made of, how opaque it is, where it lies. */
record Mark(Shape shape, Stuff stuff, float opacity, Rectangle2D bounds) {
  enum Stuff {
    INK,
    BLOSSOM,
    STONE,
    SUN,
    WATERMARK_LIGHT,
    WATERMARK_DARK
  }

  /** Whether it is there in flat paints too, which leave out what is faint. */
  boolean firm() {
    return opacity == 1;
  }

  /** Whether some of it lies between two rows of the picture. */
  boolean within(int from, int to) {
    return bounds.getMaxY() >= from - 1 && bounds.getMinY() <= to + 1;
  }

  static Mark of(Shape shape, Stuff stuff) {
    return new Mark(shape, stuff, 1, shape.getBounds2D());
  }

  static Mark faint(Shape shape, Stuff stuff, float opacity) {
    return new Mark(shape, stuff, opacity, shape.getBounds2D());
  }
}
