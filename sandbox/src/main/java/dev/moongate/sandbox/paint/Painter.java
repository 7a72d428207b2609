package dev.moongate.sandbox.paint;

import dev.moongate.sandbox.ask.Ask;
import java.awt.AlphaComposite;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/**
 * Draws the picture of a request: a garden seen through a moon gate. The same request draws the
 * same picture. Works band by band, so that a 4096 x 4096 picture needs a megabyte or two.
 */
public final class Painter {
  private static final int BAND = 64;

  private Painter() {}

  public static void paint(Ask ask, int index, OutputStream out) throws IOException {
    Plan plan = Plan.of(ask, index);
    Garden garden = plan.garden();
    List<Mark> marks = Decor.marks(garden, plan);
    Paints paints =
        ask.palette().isEmpty()
            ? Paints.of(plan.light(), garden)
            : Shares.paints(ask.palette(), garden, marks, plan);
    if (ask.watermark()) {
      marks.addAll(Watermark.marks(garden.width, garden.height));
    }
    BufferedImage band = new BufferedImage(garden.width, BAND, BufferedImage.TYPE_INT_RGB);
    int[] pixels = ((DataBufferInt) band.getRaster().getDataBuffer()).getData();
    Raster raster = new Raster(garden, paints, plan.seed());
    FlatMarks flat =
        paints.foreground() == null
            ? null
            : new FlatMarks(marks, paints.foreground(), garden.width, BAND);
    try (PngWriter png = new PngWriter(out, garden.width, garden.height)) {
      for (int top = 0; top < garden.height; top += BAND) {
        int rows = Math.min(BAND, garden.height - top);
        for (int i = 0; i < rows; i++) {
          raster.row(top + i, pixels, i * garden.width);
        }
        if (flat == null) {
          draw(band, top, marks, paints);
        } else {
          flat.draw(band, pixels, top);
        }
        for (int i = 0; i < rows; i++) {
          png.row(pixels, i * garden.width);
        }
      }
      png.finish();
    }
  }

  private static void draw(BufferedImage band, int top, List<Mark> marks, Paints paints) {
    Graphics2D graphics = graphics(band, top);
    try {
      for (Mark mark : marks) {
        if (mark.within(top, top + BAND)) {
          draw(graphics, mark, paints);
        }
      }
    } finally {
      graphics.dispose();
    }
  }

  /** For drawing on a band whose first row is this one of the picture. */
  static Graphics2D graphics(BufferedImage band, int top) {
    Graphics2D graphics = band.createGraphics();
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.translate(0, -top);
    return graphics;
  }

  private static void draw(Graphics2D graphics, Mark mark, Paints paints) {
    int rgb =
        switch (mark.stuff()) {
          case INK -> paints.ink();
          case BLOSSOM -> paints.blossom();
          case STONE -> paints.stone();
          case SUN -> paints.sun();
          case WATERMARK_LIGHT -> 0xffffff;
          case WATERMARK_DARK -> 0x101010;
        };
    graphics.setComposite(AlphaComposite.SrcOver.derive(mark.opacity()));
    graphics.setColor(new Color(rgb));
    graphics.fill(mark.shape());
  }
}
