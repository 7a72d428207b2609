package dev.moongate.http.images;

import dev.moongate.error.ErrorCode;
import dev.moongate.error.GatewayException;
import dev.moongate.http.Members;
import dev.moongate.image.Size;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code size}: {@code 1K}, {@code 2K}, {@code 4K}, {@code WIDTHxHEIGHT}, {@code
 * WIDTH*HEIGHT}, or {@code auto}.
 */
final class SizeText {
  private static final Pattern PIXELS = Pattern.compile("([1-9]\\d{0,5})[x*]([1-9]\\d{0,5})");

  private SizeText() {}

  /** Null for nothing and for {@code auto}: the provider chooses. */
  static @Nullable Size parse(Members members) {
    String text = members.text("size");
    if (text == null || text.equals("auto")) {
      return null;
    }
    for (Size.Tier tier : Size.Tier.values()) {
      if (tier.label().equals(text.toUpperCase(Locale.ROOT))) {
        return tier;
      }
    }
    Matcher matcher = PIXELS.matcher(text);
    if (matcher.matches()) {
      return new Size.Pixels(
          Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
    }
    throw new GatewayException(
        ErrorCode.INVALID_VALUE,
        members.path("size"),
        "size is \"%s\"; it must be 1K, 2K, 4K, auto, or pixels such as 1024x768"
            .formatted(GatewayException.shown(text)));
  }
}
