package dev.moongate.http.body;

import dev.moongate.error.ErrorCode;
import dev.moongate.error.GatewayException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.apache.commons.fileupload.ParameterParser;
import org.jspecify.annotations.Nullable;

/**
 * The headers of one part of a form (RFC 7578).
 *
 * @param file whether it is sent as a file: it has a file name, be it empty, or a type that is none
 *     of text or JSON
 * @param json whether its text is said to be JSON, as some clients say of numbers
 */
record PartHeaders(String name, boolean file, boolean json) {
  private static final Pattern JSON = Pattern.compile("(?i)application/json\\s*(;.*)?");
  private static final Pattern FOLD = Pattern.compile("\r\n[ \t]+");

  /** The headers that a block of lines is. */
  static PartHeaders parse(String block) {
    Map<String, String> headers = new HashMap<>();
    for (String line : FOLD.matcher(block).replaceAll(" ").split("\r\n", -1)) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        headers.put(
            line.substring(0, colon).strip().toLowerCase(Locale.ROOT),
            line.substring(colon + 1).strip());
      } else if (!line.isEmpty()) {
        throw FormReader.malformed("a line among the headers of a part is no header");
      }
    }
    Map<String, String> disposition = parameters(headers.get("content-disposition"));
    String name = disposition.get("name");
    if (!disposition.containsKey("form-data") || name == null || name.isEmpty()) {
      throw FormReader.malformed(
          "a part has no 'Content-Disposition: form-data' with a name in it");
    }
    requireItself(name, headers.get("content-transfer-encoding"));
    String type = headers.get("content-type");
    boolean json = JSON.matcher(Objects.requireNonNullElse(type, "")).matches();
    boolean text = type == null || json || type.toLowerCase(Locale.ROOT).startsWith("text/");
    PartHeaders part = new PartHeaders(name, !text || disposition.containsKey("filename"), json);
    if (!part.file) {
      requireUtf8(name, parameters(type).get("charset"));
    }
    return part;
  }

  private static Map<String, String> parameters(@Nullable String header) {
    if (header == null) {
      return Map.of();
    }
    ParameterParser parser = new ParameterParser();
    parser.setLowerCaseNames(true);
    try {
      return parser.parse(header, ';');
    } catch (RuntimeException e) {
      // It trips over broken percent signs in filename*.
      throw FormReader.malformed("a header of a part cannot be read");
    }
  }

  /** Encodings of mail; RFC 7578 does without. */
  private static void requireItself(String name, @Nullable String encoding) {
    if (encoding != null && !encoding.toLowerCase(Locale.ROOT).matches("binary|8bit|7bit")) {
      throw new GatewayException(
          ErrorCode.UNSUPPORTED_ENCODING,
          GatewayException.shown(name),
          "Content-Transfer-Encoding %s is not accepted in a form; send the part as it is"
              .formatted(GatewayException.shown(encoding)));
    }
  }

  private static void requireUtf8(String name, @Nullable String charset) {
    if (charset != null && !charset.toLowerCase(Locale.ROOT).matches("utf-?8|us-ascii")) {
      throw new GatewayException(
          ErrorCode.INVALID_ENCODING,
          GatewayException.shown(name),
          "The text of %s is sent in %s; send UTF-8"
              .formatted(GatewayException.shown(name), GatewayException.shown(charset)));
    }
  }
}
