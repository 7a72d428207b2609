package dev.moongate.http.images;

import dev.moongate.http.Exchange;
import dev.moongate.http.body.ReceivedBody;
import java.io.IOException;

/**
 * How an endpoint makes a {@link Posted} of a request's body, or refuses it; nothing is spent
 * before.
 */
interface RequestReader {
  /** The endpoint's name, such as {@code images/generations}. */
  String endpoint();

  /** The body, to be closed: until then its pictures may be kept. */
  ReceivedBody receive(Exchange exchange) throws IOException;

  /** What it asks for. */
  Posted parse(ReceivedBody body, Exchange exchange);
}
