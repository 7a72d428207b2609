package dev.moongate.http.images;

import dev.moongate.http.Exchange;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What {@code Prefer} (RFC 7240) says about waiting. As the RFC has it, preferences that are not
 * understood are passed over.
 *
 * @param patience before the generation's address is answered in place of its pictures; null if the
 *     client wants to wait as long as everybody
 * @param applied for {@code Preference-Applied}; null if nothing was
 */
record Preference(@Nullable Duration patience, @Nullable String applied) {
  private static final Pattern WAIT = Pattern.compile("wait=\"?([0-9]{1,6})\"?");

  static Preference of(Exchange exchange, Duration longest) {
    Duration wait = null;
    boolean async = false;
    for (String line : exchange.headerLines("Prefer")) {
      for (String token : line.toLowerCase(Locale.ROOT).split(",", -1)) {
        String preference = token.replace(" ", "");
        Matcher matcher = WAIT.matcher(preference);
        if (matcher.matches()) {
          Duration asked = Duration.ofSeconds(Long.parseLong(matcher.group(1)));
          wait = asked.compareTo(longest) > 0 ? longest : asked;
        }
        async |= preference.equals("respond-async");
      }
    }
    if (wait != null) {
      String applied = (async ? "respond-async, " : "") + "wait=" + wait.toSeconds();
      return new Preference(wait, applied);
    }
    return async ? new Preference(Duration.ZERO, "respond-async") : new Preference(null, null);
  }
}
