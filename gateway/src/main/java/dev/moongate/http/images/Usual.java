package dev.moongate.http.images;

import dev.moongate.auth.KeyTerms;
import dev.moongate.image.ResponseFormat;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a key's requests mean where they do not say.
 *
 * @param lenient whether more members of other APIs are ignored with a warning
 * @param linkLife how long links live, and may be asked to live; null for {@code longestLink}
 * @param longestLink how long the server lets links live
 */
public record Usual(
    boolean lenient,
    ResponseFormat responseFormat,
    @Nullable Duration linkLife,
    Duration longestLink) {

  /** Of a key with these terms. */
  public static Usual of(KeyTerms terms, Duration longestLink) {
    Duration own = terms.linkLife();
    boolean shorter = own != null && own.compareTo(longestLink) < 0;
    return new Usual(
        terms.lenient(),
        terms.responseFormat() == null ? ResponseFormat.URL : terms.responseFormat(),
        shorter ? own : null,
        longestLink);
  }
}
