package dev.moongate.http.images;

import dev.moongate.auth.KeyTerms;
import dev.moongate.error.ErrorCode;
import dev.moongate.error.GatewayException;
import dev.moongate.http.Exchange;
import dev.moongate.http.body.BodyReader;
import dev.moongate.http.body.ReceivedBody;
import dev.moongate.image.ImageRequest;
import dev.moongate.image.ResponseFormat;
import dev.moongate.model.Catalogue;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;

/** Makes an {@link ImageRequest} of a request's body, or refuses it; nothing is spent before. */
final class RequestReader {
  private final BodyReader bodies;
  private final Catalogue catalogue;
  private final Duration longestLink;

  RequestReader(BodyReader bodies, Catalogue catalogue, Duration longestLink) {
    this.bodies = bodies;
    this.catalogue = catalogue;
    this.longestLink = longestLink;
  }

  /** The body, to be closed: until then its pictures may be kept. */
  ReceivedBody receive(Exchange exchange) throws IOException {
    requireJson(exchange);
    Request request = exchange.request();
    return bodies.read(exchange.body(), request.getLength());
  }

  ImageRequest parse(ReceivedBody body, KeyTerms terms) {
    return GenerateBody.parse(body, catalogue, usual(terms));
  }

  /** What holds for the key's requests where they do not say. */
  private GenerateBody.Usual usual(KeyTerms terms) {
    Duration own = terms.linkLife();
    boolean shorter = own != null && own.compareTo(longestLink) < 0;
    return new GenerateBody.Usual(
        terms.lenient(),
        terms.responseFormat() == null ? ResponseFormat.URL : terms.responseFormat(),
        shorter ? own : null,
        longestLink);
  }

  private static void requireJson(Exchange exchange) {
    String encoding = exchange.header(HttpHeader.CONTENT_ENCODING).orElse("identity");
    if (!encoding.equalsIgnoreCase("identity")) {
      throw new GatewayException(
          ErrorCode.UNSUPPORTED_ENCODING,
          "Content-Encoding %s is not accepted; send the body as it is"
              .formatted(GatewayException.shown(encoding)));
    }
    String type = exchange.header(HttpHeader.CONTENT_TYPE).orElse("");
    String[] parts = type.toLowerCase(Locale.ROOT).split(";", -1);
    boolean json = parts[0].strip().equals("application/json");
    for (int i = 1; i < parts.length && json; i++) {
      String parameter = parts[i].replace("\"", "").replace(" ", "");
      json = !parameter.startsWith("charset=") || parameter.equals("charset=utf-8");
    }
    if (!json) {
      throw new GatewayException(
          ErrorCode.UNSUPPORTED_MEDIA_TYPE,
          "The body must be sent as 'Content-Type: application/json', not %s"
              .formatted(type.isEmpty() ? "without a type" : GatewayException.shown(type)));
    }
  }
}
