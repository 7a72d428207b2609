package dev.moongate.http.images;

import dev.moongate.http.Exchange;
import dev.moongate.http.FormContent;
import dev.moongate.http.JsonContent;
import dev.moongate.http.body.BodyReader;
import dev.moongate.http.body.ReceivedBody;
import dev.moongate.model.Catalogue;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** Bodies of {@code POST /v1/images/edits}: forms with files, and JSON. */
record EditReader(BodyReader bodies, Catalogue catalogue, OwnPictures own, Duration longestLink)
    implements RequestReader {
  @Override
  public String endpoint() {
    return "images/edits";
  }

  @Override
  public ReceivedBody receive(Exchange exchange) throws IOException {
    long declared = exchange.request().getLength();
    Optional<String> boundary = FormContent.boundary(exchange);
    if (boundary.isPresent()) {
      return bodies.readForm(exchange.body(), declared, boundary.orElseThrow(), new EditForm());
    }
    JsonContent.require(exchange, " or 'multipart/form-data'");
    return bodies.read(exchange.body(), declared, "images");
  }

  @Override
  public Posted parse(ReceivedBody body, Exchange exchange) {
    return GenerateBody.parse(
        body,
        catalogue,
        Usual.of(exchange.caller().terms(), longestLink),
        new EditContent(
            FormContent.boundary(exchange).isPresent(),
            new InputMember(body, own.of(exchange, body))));
  }
}
