package dev.moongate.sandbox.ask;

import tools.jackson.databind.JsonNode;

/** The vendor's rule for {@code bbox_list}: [image][box][x1,y1,x2,y2], two boxes per image. */
final class BoxRule {
  private BoxRule() {}

  static void check(JsonNode list, int images) {
    if (!list.isArray() || list.size() != images) {
      throw VendorError.invalid(
          "the length of bbox_list must equal the number of input images, " + images);
    }
    for (JsonNode boxes : list) {
      if (!boxes.isArray() || boxes.size() > 2) {
        throw VendorError.invalid("bbox_list allows at most 2 boxes for an image");
      }
      for (JsonNode box : boxes) {
        checkBox(box);
      }
    }
  }

  private static void checkBox(JsonNode box) {
    if (!box.isArray() || box.size() != 4) {
      throw VendorError.invalid("a box of bbox_list must be [x1, y1, x2, y2]");
    }
    int[] at = new int[4];
    for (int i = 0; i < 4; i++) {
      JsonNode number = box.get(i);
      if (!number.isIntegralNumber() || !number.canConvertToInt() || number.intValue() < 0) {
        throw VendorError.invalid("the coordinates of bbox_list must be pixels");
      }
      at[i] = number.intValue();
    }
    if (at[0] >= at[2] || at[1] >= at[3]) {
      throw VendorError.invalid("a box of bbox_list must have x1 < x2 and y1 < y2");
    }
  }
}
