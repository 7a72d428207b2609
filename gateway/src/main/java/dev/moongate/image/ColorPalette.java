package dev.moongate.image;

import java.util.List;
import java.util.Locale;

/** The colours a picture is to be made of, with their shares. */
public record ColorPalette(List<Swatch> swatches) {
  public ColorPalette {
    swatches = List.copyOf(swatches);
  }

  /**
   * One colour.
   *
   * @param hex {@code #RRGGBB}, upper case
   * @param hundredths the share in hundredths of a percent: 2351 is {@code 23.51%}
   */
  public record Swatch(String hex, int hundredths) {
    /** The share as the vendor wants it: {@code 23.51%}. */
    public String ratio() {
      return String.format(Locale.ROOT, "%d.%02d%%", hundredths / 100, hundredths % 100);
    }
  }
}
