package dev.moongate.http.images;

import dev.moongate.error.ErrorCode;
import dev.moongate.error.GatewayException;
import dev.moongate.http.Exchange;
import dev.moongate.image.StoredImage;
import dev.moongate.store.Links;
import java.net.URI;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpHeader;
import org.jspecify.annotations.Nullable;

/**
 * Makes absolute links to pictures: under the public URL if one is set, else under http and the
 * request's Host.
 */
public final class LinkBase {
  private static final Pattern HOST =
      Pattern.compile("(?:[A-Za-z0-9.-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}])(?::[0-9]{1,5})?");

  private static final Pattern LINK =
      Pattern.compile("(?i)(https?://[^?#]+)/images/([^/?#]+)(?:\\?([^#]*))?");

  private static final Pattern SIGNED =
      Pattern.compile("expires=(\\d{1,12})&signature=([A-Za-z0-9_-]{1,64})");

  private final Links links;
  private final @Nullable String publicUrl;

  public LinkBase(Links links, @Nullable URI publicUrl) {
    this.links = links;
    this.publicUrl = publicUrl == null ? null : publicUrl.toString().replaceAll("/+$", "");
  }

  /** The public URL, or this address if there is none. */
  String orElse(String address) {
    return publicUrl == null ? address : publicUrl;
  }

  /** What every address handed out begins with. */
  String base(Exchange exchange) {
    return publicUrl == null ? "http://" + host(exchange) : publicUrl;
  }

  /**
   * A link to a picture that lives until {@code expires}.
   *
   * @param base see {@link #base}
   */
  public String link(String base, StoredImage image, Instant expires) {
    return base + links.path(image.id(), image.format(), expires);
  }

  /**
   * The name of the picture that a link of ours leads to; empty for any other address. What was
   * signed here is ours under whatever name the gateway is reached.
   */
  Optional<String> ours(Exchange exchange, String url) {
    Matcher matcher = LINK.matcher(url);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String name = matcher.group(2);
    boolean here = plain(matcher.group(1)).equals(plain(base(exchange)));
    return here || signed(name, matcher.group(3)) ? Optional.of(name) : Optional.empty();
  }

  private boolean signed(String name, @Nullable String query) {
    Matcher matcher = SIGNED.matcher(query == null ? "" : query);
    String id = name.replaceFirst("\\.[a-z]+$", "");
    return matcher.matches()
        && links.verify(id, Long.parseLong(matcher.group(1)), matcher.group(2), Instant.MIN)
            != Links.Verdict.INVALID;
  }

  /** As it would be without what it need not say. */
  private static String plain(String base) {
    return base.toLowerCase(Locale.ROOT)
        .replaceFirst("^(http://[^/]*):80(?=/|$)", "$1")
        .replaceFirst("^(https://[^/]*):443(?=/|$)", "$1");
  }

  /** Refuses a Host header that no link can be made of, before anything is spent. */
  public void check(Exchange exchange) {
    if (publicUrl == null) {
      host(exchange);
    }
  }

  private static String host(Exchange exchange) {
    String host = exchange.header(HttpHeader.HOST).orElse("");
    if (!HOST.matcher(host).matches()) {
      throw new GatewayException(
          ErrorCode.BAD_REQUEST,
          "The Host header %s is no host and port".formatted(GatewayException.shown(host)));
    }
    return host;
  }
}
