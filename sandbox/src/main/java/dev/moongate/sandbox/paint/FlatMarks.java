package dev.moongate.sandbox.paint;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;

/**
 * Draws the small things in the colours of a palette: each pixel in the one that shows on what lies
 * behind it.
 */
final class FlatMarks {
  private final List<Mark> marks;
  private final Foreground foreground;
  private final BufferedImage mask;
  private final int[] cover;
  private final int[] behind;

  FlatMarks(List<Mark> marks, Foreground foreground, int width, int rows) {
    this.marks = marks;
    this.foreground = foreground;
    this.mask = new BufferedImage(width, rows, BufferedImage.TYPE_INT_RGB);
    this.cover = ((DataBufferInt) mask.getRaster().getDataBuffer()).getData();
    this.behind = new int[width * rows];
  }

  /**
   * Draws what lies within a band.
   *
   * @param pixels of the band
   * @param top its first row
   */
  void draw(BufferedImage band, int[] pixels, int top) {
    System.arraycopy(pixels, 0, behind, 0, behind.length);
    lay(Mark.Stuff.INK, foreground::wood, pixels, top);
    lay(Mark.Stuff.BLOSSOM, foreground::blossom, pixels, top);
    fill(band, Mark.Stuff.WATERMARK_DARK, foreground.plate(), top);
    fill(band, Mark.Stuff.WATERMARK_LIGHT, foreground.letters(), top);
  }

  private void lay(Mark.Stuff stuff, IntUnaryOperator color, int[] pixels, int top) {
    List<Mark> here = here(stuff, top).filter(Mark::firm).toList();
    if (here.isEmpty()) {
      return;
    }
    Arrays.fill(cover, 0);
    fill(mask, here, 0xFFFFFF, top);
    for (int i = 0; i < cover.length; i++) {
      int share = cover[i] & 255;
      if (share > 0) {
        int over = color.applyAsInt(behind[i]);
        pixels[i] = Colors.mix256(pixels[i], over, share + (share >> 7));
      }
    }
  }

  private void fill(BufferedImage band, Mark.Stuff stuff, int rgb, int top) {
    fill(band, here(stuff, top).toList(), rgb, top);
  }

  private java.util.stream.Stream<Mark> here(Mark.Stuff stuff, int top) {
    return marks.stream()
        .filter(mark -> mark.stuff() == stuff && mark.within(top, top + mask.getHeight()));
  }

  private static void fill(BufferedImage band, List<Mark> marks, int rgb, int top) {
    Graphics2D graphics = Painter.graphics(band, top);
    graphics.setColor(new Color(rgb));
    marks.forEach(mark -> graphics.fill(mark.shape()));
    graphics.dispose();
  }
}
