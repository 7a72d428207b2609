package dev.moongate.sandbox.ask;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Set;

/**
 * One input picture, judged by what can be seen without fetching anything: a link only by its
 * scheme, a data URL by its head. Width and height are 0 where unknown.
 */
record InputPicture(int width, int height) {
  private static final Set<String> MIMES =
      Set.of("image/jpeg", "image/jpg", "image/png", "image/bmp", "image/webp");
  private static final long MAX_BYTES = 20L * 1024 * 1024;
  private static final InputPicture UNKNOWN = new InputPicture(0, 0);

  static InputPicture read(String source) {
    String lower = source.substring(0, Math.min(8, source.length())).toLowerCase(Locale.ROOT);
    if (lower.startsWith("http://") || lower.startsWith("https://")) {
      if (source.length() < 12 || source.indexOf('\0') >= 0) {
        throw new VendorError(400, "InvalidURL", "The request URL is invalid.");
      }
      return UNKNOWN;
    }
    if (lower.startsWith("data:")) {
      return readData(source);
    }
    throw new VendorError(
        400, "InvalidURL", "The image must be an http or https URL or a base64 data URL.");
  }

  private static InputPicture readData(String source) {
    int comma = source.indexOf(',');
    String type = comma < 0 ? "" : source.substring(5, comma).toLowerCase(Locale.ROOT);
    if (!type.endsWith(";base64") || !MIMES.contains(type.substring(0, type.length() - 7))) {
      throw new VendorError(
          400,
          "InvalidImageFormat",
          "Input image must be data:{mime};base64,{data} of JPEG, PNG, BMP or WEBP.");
    }
    int cut = source.indexOf('\0');
    long encoded = (cut < 0 ? source.length() : cut) - comma - 1L;
    if (cut >= 0) {
      encoded += Long.parseLong(source.substring(cut + 1));
    }
    if (encoded / 4 * 3 > MAX_BYTES) {
      throw VendorError.invalid("The size of the input image must not exceed 20 MB.");
    }
    return look(decode(source.substring(comma + 1, cut < 0 ? source.length() : cut)));
  }

  private static byte[] decode(String base64) {
    String whole = base64.strip();
    int bare = whole.endsWith("==") ? 2 : whole.endsWith("=") ? 1 : 0;
    String digits = whole.substring(0, whole.length() - bare);
    try {
      // A cut string may end within a group of four: the loose digits carry nothing we need.
      int loose = digits.length() % 4 == 1 ? 1 : 0;
      return Base64.getDecoder()
          .decode(
              digits.substring(0, digits.length() - loose).getBytes(StandardCharsets.ISO_8859_1));
    } catch (IllegalArgumentException e) {
      throw new VendorError(400, "InvalidImageFormat", "The base64 of the input image is broken.");
    }
  }

  private static InputPicture look(byte[] head) {
    PictureHead seen = PictureHead.read(head);
    switch (seen.format()) {
      case UNKNOWN ->
          throw new VendorError(
              400, "InvalidImageFormat", "Input image must be a JPEG, PNG, BMP or WEBP.");
      case PNG_WITH_ALPHA ->
          throw new VendorError(
              400, "InvalidImageFormat", "Input PNG must not have an alpha channel.");
      case GOOD -> {}
    }
    int w = seen.width();
    int h = seen.height();
    if (w == 0 || h == 0) {
      return UNKNOWN;
    }
    if (Math.min(w, h) < 240 || Math.max(w, h) > 8000) {
      throw new VendorError(
          400,
          "InvalidImageResolution",
          "Each side of the input image must be 240 to 8000 pixels.");
    }
    if (Math.max(w, h) > 8 * Math.min(w, h)) {
      throw new VendorError(
          400,
          "InvalidImageResolution",
          "The aspect ratio of the input image must be between 1:8 and 8:1.");
    }
    return new InputPicture(w, h);
  }
}
