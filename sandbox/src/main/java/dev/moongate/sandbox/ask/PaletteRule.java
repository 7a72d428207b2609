package dev.moongate.sandbox.ask;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** The vendor's rule for {@code color_palette}: 3 to 10 colours whose shares make 100.00%. */
final class PaletteRule {
  private static final Pattern HEX = Pattern.compile("#[0-9a-fA-F]{6}");
  private static final Pattern RATIO = Pattern.compile("[0-9]{1,3}\\.[0-9]{2}%");

  private PaletteRule() {}

  static List<Shade> read(JsonNode node) {
    if (!node.isArray() || node.size() < 3 || node.size() > 10) {
      throw VendorError.invalid("color_palette must be an array of 3 to 10 colors");
    }
    List<Shade> shades = new ArrayList<>();
    int sum = 0;
    for (JsonNode entry : node) {
      Shade shade = shade(entry);
      sum += shade.basisPoints();
      shades.add(shade);
    }
    if (sum != 10_000) {
      throw VendorError.invalid("the ratios of color_palette must sum to 100.00%");
    }
    return shades;
  }

  private static Shade shade(JsonNode entry) {
    if (!entry.isObject()) {
      throw VendorError.invalid("color_palette must hold objects of hex and ratio");
    }
    entry.propertyNames().stream()
        .filter(name -> !name.equals("hex") && !name.equals("ratio"))
        .findFirst()
        .ifPresent(name -> {
          throw VendorError.invalid("color_palette has an unknown member: " + name);
        });
    JsonNode hex = entry.path("hex");
    JsonNode ratio = entry.path("ratio");
    if (!hex.isString() || !HEX.matcher(hex.stringValue()).matches()) {
      throw VendorError.invalid("color_palette hex must be in the format of #RRGGBB");
    }
    if (!ratio.isString() || !RATIO.matcher(ratio.stringValue()).matches()) {
      throw VendorError.invalid("color_palette ratio must be a percentage such as 25.00%");
    }
    String digits = ratio.stringValue().replace(".", "").replace("%", "");
    return new Shade(
        Integer.parseInt(hex.stringValue().substring(1), 16), Integer.parseInt(digits));
  }
}
