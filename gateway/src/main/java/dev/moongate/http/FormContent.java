package dev.moongate.http;

import dev.moongate.error.ErrorCode;
import dev.moongate.error.GatewayException;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.commons.fileupload.ParameterParser;
import org.eclipse.jetty.http.HttpHeader;
import org.jspecify.annotations.Nullable;

/** The headers that a form with files ({@code multipart/form-data}) comes with. */
public final class FormContent {
  /** What RFC 2046 lets a boundary be made of, and how long. */
  private static final Pattern BOUNDARY = Pattern.compile("[0-9A-Za-z'()+_,./:=? -]{1,70}");

  private FormContent() {}

  /**
   * The boundary between the parts; empty if the body is not said to be a form.
   *
   * @throws GatewayException {@code unsupported_encoding}, or {@code invalid_multipart} if the
   *     boundary is missing or is none
   */
  public static Optional<String> boundary(Exchange exchange) {
    String type = exchange.header(HttpHeader.CONTENT_TYPE).orElse("");
    ParameterParser parser = new ParameterParser();
    parser.setLowerCaseNames(true);
    Map<String, String> parameters = parser.parse(type, ';');
    if (!parameters.containsKey("multipart/form-data")) {
      return Optional.empty();
    }
    JsonContent.requireIdentity(exchange);
    return Optional.of(requireBoundary(parameters.get("boundary")));
  }

  private static String requireBoundary(@Nullable String boundary) {
    if (boundary == null) {
      throw new GatewayException(
          ErrorCode.INVALID_MULTIPART,
          "Content-Type names no boundary; leave the header to your client, which knows it");
    }
    if (!BOUNDARY.matcher(boundary).matches()) {
      throw new GatewayException(
          ErrorCode.INVALID_MULTIPART,
          "The boundary %s of Content-Type is longer than 70 characters or has some that no boundary may have"
              .formatted(GatewayException.shown(boundary)));
    }
    return boundary;
  }
}
