package dev.moongate.http.images;

import dev.moongate.error.ErrorCode;
import dev.moongate.error.GatewayException;
import dev.moongate.http.Exchange;
import dev.moongate.image.StoredImage;
import dev.moongate.store.Links;
import java.net.URI;
import java.time.Instant;
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
