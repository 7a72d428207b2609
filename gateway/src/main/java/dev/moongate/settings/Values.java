package dev.moongate.settings;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads single values: numbers, sizes, times, addresses. Every exception's message says what a
 * value must be.
 */
final class Values {
  private static final Pattern AMOUNT = Pattern.compile("(\\d{1,12})\\s*([A-Za-z]*)");

  private Values() {}

  /** {@code 32MB}, {@code 512KB}, {@code 1GB}; powers of 1024. */
  static long bytes(String text) {
    Matcher matcher = AMOUNT.matcher(text.strip());
    if (matcher.matches()) {
      int shift =
          switch (matcher.group(2).toUpperCase(Locale.ROOT)) {
            case "B", "" -> 0;
            case "KB" -> 10;
            case "MB" -> 20;
            case "GB" -> 30;
            default -> -1;
          };
      if (shift >= 0) {
        return Math.multiplyExact(Long.parseLong(matcher.group(1)), 1L << shift);
      }
    }
    throw new IllegalArgumentException("must be a size such as 32MB");
  }

  /** {@code 280s}, {@code 5m}, {@code 24h}, {@code 30d}. */
  static Duration duration(String text) {
    Matcher matcher = AMOUNT.matcher(text.strip());
    if (matcher.matches()) {
      ChronoUnit unit =
          switch (matcher.group(2)) {
            case "s" -> ChronoUnit.SECONDS;
            case "m" -> ChronoUnit.MINUTES;
            case "h" -> ChronoUnit.HOURS;
            case "d" -> ChronoUnit.DAYS;
            default -> ChronoUnit.FOREVER;
          };
      if (unit != ChronoUnit.FOREVER) {
        return Duration.of(Long.parseLong(matcher.group(1)), unit);
      }
    }
    throw new IllegalArgumentException("must be a time such as 280s, 5m, 24h or 30d");
  }

  /** A duration within bounds. */
  static Duration within(String text, Duration least, Duration most) {
    Duration value = duration(text);
    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
      throw new IllegalArgumentException(
          "must be from %d to %d seconds".formatted(least.toSeconds(), most.toSeconds()));
    }
    return value;
  }

  static int port(String text) {
    if (text.matches("\\d{1,5}") && Integer.parseInt(text) <= 65_535) {
      return Integer.parseInt(text);
    }
    throw new IllegalArgumentException("must be a port from 0 to 65535");
  }

  /** An http or https address without query, fragment or credentials. */
  static URI url(String text) {
    try {
      URI uri = new URI(text.strip());
      boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      if (web
          && uri.getHost() != null
          && uri.getUserInfo() == null
          && uri.getQuery() == null
          && uri.getFragment() == null) {
        return uri;
      }
    } catch (URISyntaxException e) {
      // Falls through to the one message.
    }
    throw new IllegalArgumentException(
        "must be an address such as https://images.example.com, without query or credentials");
  }

  /** An origin exactly as a browser says it, or a star for all. */
  static String origin(String text) {
    if (text.equals("*")
        || (text.matches("[a-z][a-z0-9+.-]*://([a-z0-9_.-]+|\\[[0-9a-f:.]+])(:[1-9]\\d{0,4})?")
            && !text.matches("http://.*:80|https://.*:443"))) {
      return text;
    }
    throw new IllegalArgumentException(
        "is no origin as browsers send it: scheme and host in lower case, such as"
            + " https://app.example.com or http://localhost:3000, without a path, a slash at the end"
            + " or the port that is usual; or * for every origin");
  }

  static boolean truth(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException("must be true or false");
    };
  }

  static String currency(String text) {
    if (text.equals("CNY") || text.equals("USD")) {
      return text;
    }
    throw new IllegalArgumentException("must be CNY or USD, the currencies that have prices");
  }

  /** The URL of a PostgreSQL; what else is wrong with it, the database room finds out. */
  static String database(String text) {
    if (text.strip().startsWith("jdbc:postgresql:")) {
      return text.strip();
    }
    throw new IllegalArgumentException(
        "must start with jdbc:postgresql:, as in jdbc:postgresql://user:password@host/name;"
            + " without it, the database is SQLite in the home");
  }

  static int positive(String text) {
    if (text.matches("[1-9]\\d{0,6}")) {
      return Integer.parseInt(text);
    }
    throw new IllegalArgumentException("must be a whole number from 1 on, or none");
  }
}
