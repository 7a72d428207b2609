package dev.moongate.sandbox.ask;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The vendor's rule for {@code size}: a tier or {@code W*H}, within what model and scene allow. */
final class SizeRule {
  private static final Pattern EXPLICIT = Pattern.compile("([1-9][0-9]{0,5})\\*([1-9][0-9]{0,5})");
  private static final long LEAST = 768L * 768;
  private static final long MOST_2K = 2048L * 2048;
  private static final long MOST_4K = 4096L * 4096;

  private SizeRule() {}

  /** Width and height; a tier keeps the ratio of {@code last}, the last input picture. */
  static int[] read(String size, boolean fourK, InputPicture last) {
    int side =
        switch (size) {
          case "1K" -> 1024;
          case "2K" -> 2048;
          case "4K" -> 4096;
          default -> 0;
        };
    if (side == 4096 && !fourK) {
      throw VendorError.invalid(
          "size 4K is only supported by wan2.7-image-pro for text to image without sequential"
              + " mode");
    }
    return side > 0 ? tier(side, last) : explicit(size, fourK ? MOST_4K : MOST_2K);
  }

  private static int[] tier(int side, InputPicture last) {
    if (last.width() == 0) {
      return new int[] {side, side};
    }
    double ratio = (double) last.width() / last.height();
    int width = (int) Math.floor(side * Math.sqrt(ratio));
    return new int[] {width, (int) Math.floor(width / ratio)};
  }

  private static int[] explicit(String size, long most) {
    Matcher match = EXPLICIT.matcher(size);
    if (!match.matches()) {
      throw VendorError.invalid("size must be 1K, 2K, 4K or in the format of width*height");
    }
    int width = Integer.parseInt(match.group(1));
    int height = Integer.parseInt(match.group(2));
    long pixels = (long) width * height;
    if (pixels < LEAST || pixels > most) {
      throw VendorError.invalid(
          "The total pixels of size must be between " + LEAST + " and " + most);
    }
    if (Math.max(width, height) > 8 * Math.min(width, height)) {
      throw VendorError.invalid("The aspect ratio of size must be between 1:8 and 8:1");
    }
    return new int[] {width, height};
  }
}
