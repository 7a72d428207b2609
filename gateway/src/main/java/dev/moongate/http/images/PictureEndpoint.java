package dev.moongate.http.images;

import dev.moongate.error.ErrorCode;
import dev.moongate.error.GatewayException;
import dev.moongate.http.Endpoint;
import dev.moongate.http.Exchange;
import dev.moongate.image.ImageBytes;
import dev.moongate.image.StoredImage;
import dev.moongate.store.ImageStore;
import dev.moongate.store.Links;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpHeader;

/**
 * {@code GET /images/{id}.png?expires=&signature=}: a stored picture. The signature is the whole
 * authority; an Authorization header is ignored, because clients send ours to wherever a link
 * leads.
 */
public final class PictureEndpoint implements Endpoint {
  private static final Pattern NAME = Pattern.compile("(img_[0-9a-f]{32})\\.(png|jpg|webp|bmp)");
  private static final int BUFFER = 64 * 1024;

  private final Links links;
  private final Function<String, Optional<StoredImage>> images;
  private final ImageStore store;
  private final InstantSource clock;

  public PictureEndpoint(
      Links links,
      Function<String, Optional<StoredImage>> images,
      ImageStore store,
      InstantSource clock) {
    this.links = links;
    this.images = images;
    this.store = store;
    this.clock = clock;
  }

  @Override
  public void answer(Exchange exchange) throws Exception {
    long expires = requireLink(exchange);
    Matcher name = NAME.matcher(file(exchange));
    StoredImage image =
        Optional.of(name)
            .filter(Matcher::matches)
            .flatMap(matched -> images.apply(matched.group(1)))
            .filter(found -> found.format().extension().equals(name.group(2)))
            .orElseThrow(PictureEndpoint::gone);
    ImageBytes bytes =
        store
            .find(image.storageKey())
            .map(found -> new ServedPicture(found, null))
            .orElseThrow(PictureEndpoint::gone);
    String etag = '"' + image.sha256() + '"';
    long left = Math.max(0, expires - clock.instant().getEpochSecond());
    exchange.put(HttpHeader.ETAG, etag);
    exchange.put(HttpHeader.CACHE_CONTROL, "private, immutable, max-age=" + left);
    exchange.put(HttpHeader.ACCEPT_RANGES, "bytes");
    exchange.put("X-Content-Type-Options", "nosniff");
    exchange.put("Content-Security-Policy", "default-src 'none'; sandbox");
    exchange.put("Content-Disposition", "inline; filename=\"" + file(exchange) + '"');
    if (matches(exchange.header(HttpHeader.IF_NONE_MATCH), etag)) {
      exchange.empty(304);
      return;
    }
    send(exchange, image, bytes, range(exchange, etag, bytes.size()));
  }

  private static String file(Exchange exchange) {
    return exchange.wildcard(0) + "." + exchange.wildcard(1);
  }

  private long requireLink(Exchange exchange) {
    String id = exchange.wildcard();
    String text = exchange.query("expires").filter(e -> e.matches("\\d{1,12}")).orElse("0");
    String signature = exchange.query("signature").orElse("");
    long expires = Long.parseLong(text);
    return switch (links.verify(id, expires, signature, clock.instant())) {
      case VALID -> expires;
      case EXPIRED ->
          throw new GatewayException(
              ErrorCode.LINK_EXPIRED,
              "This link has expired; GET /v1/images/generations/{id} signs a new one");
      case INVALID ->
          throw new GatewayException(
              ErrorCode.LINK_INVALID, "This link is not one that Moongate signed");
    };
  }

  /** A part of the picture, from {@code first} to {@code last} inclusive. */
  private record Part(long first, long last, int status) {
    long length() {
      return last - first + 1;
    }
  }

  private static Part range(Exchange exchange, String etag, long size) {
    Part whole = new Part(0, size - 1, 200);
    Optional<String> asked = exchange.header(HttpHeader.RANGE);
    boolean same = exchange.header(HttpHeader.IF_RANGE).map(etag::equals).orElse(true);
    Matcher matcher = Pattern.compile("bytes=(\\d{0,15})-(\\d{0,15})").matcher(asked.orElse(""));
    if (!same || !matcher.matches() || (matcher.group(1) + matcher.group(2)).isEmpty()) {
      // Several ranges, or none that is understood: the whole picture is a right answer too.
      return whole;
    }
    long first;
    long last = size - 1;
    if (matcher.group(1).isEmpty()) {
      first = Math.max(0, size - Long.parseLong(matcher.group(2)));
    } else {
      first = Long.parseLong(matcher.group(1));
      if (!matcher.group(2).isEmpty()) {
        long named = Long.parseLong(matcher.group(2));
        if (named < first) {
          // No range at all, by RFC 9110: it is to be ignored.
          return whole;
        }
        last = Math.min(last, named);
      }
    }
    return first > last ? new Part(0, -1, 416) : new Part(first, last, 206);
  }

  private static void send(Exchange exchange, StoredImage image, ImageBytes bytes, Part part)
      throws IOException {
    if (part.status() == 416) {
      exchange.put(HttpHeader.CONTENT_RANGE, "bytes */" + bytes.size());
      throw new GatewayException(
          ErrorCode.RANGE_NOT_SATISFIABLE,
          "The picture has %d bytes; the range begins behind its end".formatted(bytes.size()));
    }
    if (part.status() == 206) {
      exchange.put(
          HttpHeader.CONTENT_RANGE,
          "bytes %d-%d/%d".formatted(part.first(), part.last(), bytes.size()));
    }
    try (InputStream in = bytes.open(part.first())) {
      OutputStream out = exchange.begin(part.status(), image.format().mediaType(), part.length());
      if (!exchange.head()) {
        copy(in, out, part.length());
      }
      // Not if that failed: the first byte may be the one that cannot be read.
      out.close();
    }
  }

  private static void copy(InputStream in, OutputStream out, long length) throws IOException {
    byte[] buffer = new byte[BUFFER];
    long left = length;
    while (left > 0) {
      int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
      out.write(buffer, 0, read);
      left -= read;
    }
  }

  private static boolean matches(Optional<String> ifNoneMatch, String etag) {
    return ifNoneMatch
        .map(tags -> tags.strip().equals("*") || tags.replace("W/", "").contains(etag))
        .orElse(false);
  }

  private static GatewayException gone() {
    return new GatewayException(
        ErrorCode.NOT_FOUND, "The picture of this link is not in the store any more");
  }
}
