package dev.moongate.http.admin;

import dev.moongate.auth.KeyMaker;
import dev.moongate.error.ErrorCode;
import dev.moongate.error.GatewayException;
import dev.moongate.http.Exchange;
import dev.moongate.http.Json;
import dev.moongate.http.JsonContent;
import dev.moongate.http.Members;
import dev.moongate.http.body.BodyReader;
import dev.moongate.http.body.ReceivedBody;
import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the admin's bodies, as strictly as those of generations. */
record AdminBody(BodyReader bodies) {
  /**
   * The members of a request's body.
   *
   * @param known all that there may be; any other is refused by name
   */
  Members read(Exchange exchange, Set<String> known) throws IOException {
    JsonContent.require(exchange);
    try (ReceivedBody received = bodies.read(exchange.body(), exchange.request().getLength())) {
      Members body = new Members(Json.object(received.json()), "");
      if (received.hasInputs()) {
        throw new GatewayException(
            ErrorCode.INVALID_VALUE, "The body holds a data URL; there is no place for one here");
      }
      body.refuseOthers(known);
      return body;
    }
  }

  /** The member of this name, or {@code usual} if there is none. */
  static String name(Members body, @Nullable String usual) {
    String name = body.text("name");
    if (name == null) {
      return required("name", usual);
    }
    if (!KeyMaker.isName(name)) {
      throw invalid("name", "name must have 1 to 100 characters, and no control characters");
    }
    return name;
  }

  static String required(String name, @Nullable String value) {
    if (value == null) {
      throw new GatewayException(ErrorCode.MISSING_REQUIRED_PARAMETER, name, name + " is missing");
    }
    return value;
  }

  /** A whole number within a range; null if the member is missing or null. */
  static @Nullable Long number(Members body, String name, long least, long most) {
    Long number = body.number(name);
    if (number != null && (number < least || number > most)) {
      throw invalid(
          body.path(name),
          "%s is %d; it must be from %d to %d".formatted(body.path(name), number, least, most));
    }
    return number;
  }

  static GatewayException invalid(String param, String message) {
    return new GatewayException(ErrorCode.INVALID_VALUE, param, message);
  }

  /** The answer for an id that nothing has. */
  static GatewayException unknown(String what, String id) {
    return new GatewayException(
        ErrorCode.NOT_FOUND, "There is no %s %s".formatted(what, GatewayException.shown(id)));
  }
}
