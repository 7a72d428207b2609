package dev.moongate.image;

import java.util.List;

/**
 * Boxes to edit within, {@code [image][box][x1,y1,x2,y2]}; an input picture without boxes has an
 * empty list.
 */
public record BoundingBoxes(List<List<Box>> perImage) {
  public BoundingBoxes {
    perImage = perImage.stream().map(List::copyOf).toList();
  }

  /**
   * Absolute pixels of the original picture, origin top left; (x1,y1) top left, (x2,y2) bottom
   * right.
   */
  public record Box(int x1, int y1, int x2, int y2) {}
}
