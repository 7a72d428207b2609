package dev.moongate.http.images;

import dev.moongate.error.ErrorCode;
import dev.moongate.error.GatewayException;
import dev.moongate.generation.Resend;
import dev.moongate.http.Exchange;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the headers by which a client says that a request may not be its first. */
public final class ResendMarks {
  private static final String KEY = "Idempotency-Key";
  private static final Pattern VISIBLE = Pattern.compile("[\\x21-\\x7e]{1,255}");
  private static final Pattern COUNT = Pattern.compile("[0-9]{1,4}");

  private ResendMarks() {}

  /**
   * The marks of a request.
   *
   * @param endpoint see {@link Resend}
   */
  public static Resend of(Exchange exchange, String endpoint) {
    List<String> counts = exchange.headerLines("X-Stainless-Retry-Count");
    boolean counted = counts.size() == 1 && COUNT.matcher(counts.getFirst()).matches();
    return new Resend(endpoint, key(exchange), counted ? Integer.parseInt(counts.getFirst()) : 0);
  }

  private static @Nullable String key(Exchange exchange) {
    List<String> lines = exchange.headerLines(KEY);
    if (lines.isEmpty()) {
      return null;
    }
    String key = lines.getFirst();
    if (key.length() > 2 && key.startsWith("\"") && key.endsWith("\"")) {
      key = key.substring(1, key.length() - 1);
    }
    if (lines.size() > 1 || !VISIBLE.matcher(key).matches()) {
      throw new GatewayException(
          ErrorCode.INVALID_VALUE,
          KEY,
          "Idempotency-Key must be one value of 1 to 255 visible ASCII characters");
    }
    return key;
  }
}
