package dev.moongate.http.dashscope;

import dev.moongate.http.Exchange;
import dev.moongate.http.JsonContent;
import dev.moongate.http.body.BodyReader;
import dev.moongate.http.body.ReceivedBody;
import dev.moongate.http.images.InputMember;
import dev.moongate.http.images.OwnPictures;
import dev.moongate.http.images.Usual;
import dev.moongate.image.ImageRequest;
import dev.moongate.image.Warning;
import dev.moongate.model.Catalogue;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** Makes an {@link ImageRequest} of a call, or refuses it; nothing is spent before. */
record DashScopeReader(
    BodyReader bodies, Catalogue catalogue, OwnPictures own, Duration longestLink) {
  /** The body, to be closed: until then its pictures may be kept. */
  ReceivedBody receive(Exchange exchange) throws IOException {
    JsonContent.require(exchange);
    return bodies.read(exchange.body(), exchange.request().getLength());
  }

  /** What it asks for, with the headers' own warnings. */
  ImageRequest parse(ReceivedBody body, Exchange exchange, List<Warning> warnings) {
    return DashScopeBody.parse(
        new InputMember(body, own.of(exchange, body)),
        catalogue,
        Usual.of(exchange.caller().terms(), longestLink),
        warnings);
  }
}
