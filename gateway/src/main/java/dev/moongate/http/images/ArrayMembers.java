package dev.moongate.http.images;

import dev.moongate.error.ErrorCode;
import dev.moongate.error.GatewayException;
import dev.moongate.http.Members;
import dev.moongate.image.BoundingBoxes;
import dev.moongate.image.ColorPalette;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/** Reads {@code color_palette} and {@code bbox_list}. */
final class ArrayMembers {
  private static final Pattern HEX = Pattern.compile("#[0-9A-Fa-f]{6}");
  private static final Pattern RATIO = Pattern.compile("(\\d{1,3})\\.(\\d{2})%");

  private ArrayMembers() {}

  static @Nullable ColorPalette palette(Members body) {
    ArrayNode array = body.array("color_palette");
    if (array == null) {
      return null;
    }
    List<ColorPalette.Swatch> swatches = new ArrayList<>();
    for (JsonNode item : array) {
      String path = body.path("color_palette") + "[" + swatches.size() + "]";
      Members swatch = Members.of(item, path);
      swatch.refuseOthers(Set.of("hex", "ratio"));
      swatches.add(new ColorPalette.Swatch(hex(swatch), ratio(swatch)));
    }
    return new ColorPalette(swatches);
  }

  private static String hex(Members swatch) {
    String hex = required(swatch, "hex");
    if (!HEX.matcher(hex).matches()) {
      throw invalid(swatch.path("hex"), hex, "#RRGGBB, such as #C2D1E6");
    }
    return hex.toUpperCase(Locale.ROOT);
  }

  /** In hundredths of a percent, so that the sum is exact. */
  private static int ratio(Members swatch) {
    String ratio = required(swatch, "ratio");
    Matcher matcher = RATIO.matcher(ratio);
    if (!matcher.matches()) {
      throw invalid(
          swatch.path("ratio"), ratio, "a percentage with exactly two decimals, such as 23.51%");
    }
    return Integer.parseInt(matcher.group(1)) * 100 + Integer.parseInt(matcher.group(2));
  }

  private static String required(Members swatch, String name) {
    String value = swatch.text(name);
    if (value == null) {
      throw new GatewayException(
          ErrorCode.MISSING_REQUIRED_PARAMETER,
          swatch.path(name),
          swatch.path(name) + " is missing; every colour has a hex and a ratio");
    }
    return value;
  }

  static @Nullable BoundingBoxes boxes(Members body) {
    ArrayNode array = body.array("bbox_list");
    if (array == null) {
      return null;
    }
    List<List<BoundingBoxes.Box>> images = new ArrayList<>();
    for (JsonNode image : array) {
      String path = body.path("bbox_list") + "[" + images.size() + "]";
      List<BoundingBoxes.Box> boxes = new ArrayList<>();
      for (JsonNode box : Members.array(path, image)) {
        boxes.add(box(path + "[" + boxes.size() + "]", box));
      }
      images.add(boxes);
    }
    return new BoundingBoxes(images);
  }

  private static BoundingBoxes.Box box(String path, JsonNode node) {
    ArrayNode box = Members.array(path, node);
    if (box.size() != 4) {
      throw new GatewayException(
          ErrorCode.INVALID_VALUE,
          path,
          "%s has %d numbers; a box is [x1,y1,x2,y2]".formatted(path, box.size()));
    }
    return new BoundingBoxes.Box(
        corner(path, box, 0), corner(path, box, 1), corner(path, box, 2), corner(path, box, 3));
  }

  private static int corner(String path, ArrayNode box, int index) {
    String at = path + "[" + index + "]";
    long value = Members.number(at, box.get(index));
    if (value < 0 || value > 100_000) {
      throw new GatewayException(
          ErrorCode.INVALID_VALUE,
          at,
          "%s is %d; a corner is in pixels of the picture".formatted(at, value));
    }
    return (int) value;
  }

  private static GatewayException invalid(String param, String value, String rule) {
    return new GatewayException(
        ErrorCode.INVALID_VALUE,
        param,
        "%s is \"%s\"; it must be %s".formatted(param, GatewayException.shown(value), rule));
  }
}
