package dev.moongate.http.images;

import dev.moongate.auth.KeyTerms;
import dev.moongate.http.Exchange;
import dev.moongate.http.JsonContent;
import dev.moongate.http.body.BodyReader;
import dev.moongate.http.body.ReceivedBody;
import dev.moongate.image.ResponseFormat;
import dev.moongate.model.Catalogue;
import java.io.IOException;
import java.time.Duration;
import org.eclipse.jetty.server.Request;

/** Makes a {@link Posted} of a request's body, or refuses it; nothing is spent before. */
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
    JsonContent.require(exchange);
    Request request = exchange.request();
    return bodies.read(exchange.body(), request.getLength());
  }

  Posted parse(ReceivedBody body, KeyTerms terms) {
    return GenerateBody.parse(body, catalogue, usual(terms));
  }

  /** What holds for the key's requests where they do not say. */
  private Usual usual(KeyTerms terms) {
    Duration own = terms.linkLife();
    boolean shorter = own != null && own.compareTo(longestLink) < 0;
    return new Usual(
        terms.lenient(),
        terms.responseFormat() == null ? ResponseFormat.URL : terms.responseFormat(),
        shorter ? own : null,
        longestLink);
  }
}
