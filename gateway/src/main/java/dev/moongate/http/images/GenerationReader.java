package dev.moongate.http.images;

import dev.moongate.http.Exchange;
import dev.moongate.http.JsonContent;
import dev.moongate.http.body.BodyReader;
import dev.moongate.http.body.ReceivedBody;
import dev.moongate.model.Catalogue;
import java.io.IOException;
import java.time.Duration;

/** Bodies of {@code POST /v1/images/generations}. */
record GenerationReader(
    BodyReader bodies, Catalogue catalogue, OwnPictures own, Duration longestLink)
    implements RequestReader {
  @Override
  public String endpoint() {
    return "images/generations";
  }

  @Override
  public ReceivedBody receive(Exchange exchange) throws IOException {
    JsonContent.require(exchange);
    return bodies.read(exchange.body(), exchange.request().getLength());
  }

  @Override
  public Posted parse(ReceivedBody body, Exchange exchange) {
    return GenerateBody.parse(
        body,
        catalogue,
        Usual.of(exchange.caller().terms(), longestLink),
        new GenerationContent(new InputMember(body, own.of(exchange, body))));
  }
}
