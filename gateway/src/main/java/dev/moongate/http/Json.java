package dev.moongate.http;

import dev.moongate.error.ErrorCode;
import dev.moongate.error.GatewayException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads what others send, strictly: valid UTF-8, one document, an object, no key twice, no lone
 * surrogates or NUL, bounded depth and size. Types are not coerced because nothing is bound:
 * whoever reads a member asks for its type.
 */
public final class Json {
  /** How many levels deep it may be. */
  public static final int DEPTH = 32;

  /** How many names, values and brackets it may have; what is asked of us has some hundred. */
  public static final int TOKENS = 10_000;

  private static final int NUMBER_DIGITS = 100;
  private static final int NAME_CHARACTERS = 1_000;

  /** Longer than any text that is of use here; pictures are taken out before. */
  private static final int STRING_CHARACTERS = 2_000_000;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(DEPTH)
                          .maxTokenCount(TOKENS)
                          .maxNumberLength(NUMBER_DIGITS)
                          .maxNameLength(NAME_CHARACTERS)
                          .maxStringLength(STRING_CHARACTERS)
                          .build())
                  .build())
          // 1e3 is shown back as a number of its size, and 1e999999999 is not infinite.
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private Json() {}

  /**
   * The object that {@code body} is.
   *
   * @throws GatewayException naming what is wrong and where, never quoting the body
   */
  public static ObjectNode object(byte[] body) {
    requireUtf8(body);
    walk(body);
    try {
      JsonNode root = MAPPER.readTree(body);
      if (root instanceof ObjectNode object) {
        return object;
      }
    } catch (JacksonException e) {
      throw refusal(e);
    } catch (NumberFormatException e) {
      // The parser lets an exponent pass that no number holds; the tree does not.
      throw tooLarge();
    }
    throw new GatewayException(ErrorCode.INVALID_BODY, "The body must be a JSON object");
  }

  /**
   * One pass over the tokens before a tree is built: finds keys that stand twice and text that no
   * database holds.
   */
  private static void walk(byte[] body) {
    Deque<Set<String>> names = new ArrayDeque<>();
    try (JsonParser parser = MAPPER.createParser(body)) {
      boolean root = false;
      int depth = 0;
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (depth == 0) {
          requireOne(root);
          root = true;
        }
        depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
        switch (token) {
          case START_OBJECT -> names.push(new HashSet<>());
          case END_OBJECT -> names.pop();
          case PROPERTY_NAME -> {
            requireText(parser.getString(), parser);
            if (!names.getFirst().add(parser.getString())) {
              throw new GatewayException(
                  ErrorCode.DUPLICATE_KEY,
                  path(parser),
                  "%s stands twice".formatted(GatewayException.shown(path(parser))));
            }
          }
          case VALUE_STRING -> requireText(parser.getString(), parser);
          case VALUE_NUMBER_INT -> requireNoNegativeZero(parser);
          default -> {}
        }
      }
      if (!root) {
        throw new GatewayException(ErrorCode.INVALID_JSON, "The body is empty; it must be JSON");
      }
    } catch (JacksonException e) {
      throw refusal(e);
    }
  }

  private static void requireOne(boolean another) {
    if (another) {
      throw new GatewayException(
          ErrorCode.INVALID_JSON, "Something stands after the end of the JSON object");
    }
  }

  private static void requireText(String text, JsonParser parser) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean pair =
          Character.isHighSurrogate(c)
              && i + 1 < text.length()
              && Character.isLowSurrogate(text.charAt(i + 1));
      if (pair) {
        i++;
      } else if (c == 0 || Character.isSurrogate(c)) {
        throw new GatewayException(
            ErrorCode.INVALID_UNICODE,
            path(parser),
            "The text holds U+%04X, which is no character".formatted((int) c));
      }
    }
  }

  /** A tree would make it 0, which the caller did not write and may not mean. */
  private static void requireNoNegativeZero(JsonParser parser) {
    if (parser.getString().equals("-0")) {
      throw new GatewayException(
          ErrorCode.INVALID_VALUE, path(parser), path(parser) + " is -0; write 0");
    }
  }

  /** Where a parser stands, as people write it: {@code color_palette[2].ratio}. */
  private static String path(JsonParser parser) {
    StringBuilder path = new StringBuilder();
    String pointer = parser.streamReadContext().pathAsPointer().toString();
    for (String step : pointer.split("/", -1)) {
      if (step.matches("\\d+")) {
        path.append('[').append(step).append(']');
      } else if (!step.isEmpty()) {
        path.append(path.isEmpty() ? "" : ".").append(step.replace("~1", "/").replace("~0", "~"));
      }
    }
    return GatewayException.shown(path);
  }

  /** Refuses what has more levels than {@link #DEPTH}. */
  public static GatewayException tooDeep() {
    return new GatewayException(
        ErrorCode.JSON_TOO_DEEP, "The JSON is nested deeper than %d levels".formatted(DEPTH));
  }

  /** Refuses what has more of something than there is any use for. */
  public static GatewayException tooLarge() {
    return new GatewayException(
        ErrorCode.JSON_TOO_LARGE,
        "The JSON holds too many members, or a number, name or text that is too long");
  }

  private static GatewayException refusal(JacksonException e) {
    if (e instanceof StreamConstraintsException) {
      boolean deep = String.valueOf(e.getOriginalMessage()).contains("nesting depth");
      return deep ? tooDeep() : tooLarge();
    }
    String where =
        e.getLocation() == null
            ? ""
            : " at line %d, column %d"
                .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr());
    return new GatewayException(
        ErrorCode.INVALID_JSON, "The body is not valid JSON%s".formatted(where));
  }

  /**
   * Jackson lets some wrong UTF-8 pass, and takes UTF-16 and UTF-32 for what they are; the decoder
   * of the platform does neither.
   */
  private static void requireUtf8(byte[] body) {
    if (beginsWith(body, 0xEF, 0xBB, 0xBF)
        || beginsWith(body, 0xFE, 0xFF)
        || beginsWith(body, 0xFF, 0xFE)) {
      throw new GatewayException(
          ErrorCode.INVALID_JSON, "The body begins with a byte order mark; send UTF-8 without one");
    }
    for (int i = 0; i < Math.min(4, body.length); i++) {
      if (body[i] == 0) {
        throw new GatewayException(ErrorCode.INVALID_JSON, "The body is not JSON in UTF-8");
      }
    }
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    ByteBuffer in = ByteBuffer.wrap(body);
    CharBuffer out = CharBuffer.allocate(8 * 1024);
    CoderResult result;
    do {
      out.clear();
      result = decoder.decode(in, out, true);
      if (result.isError()) {
        throw new GatewayException(
            ErrorCode.INVALID_ENCODING,
            "The body is not valid UTF-8 at byte %d".formatted(in.position()));
      }
    } while (result.isOverflow());
  }

  private static boolean beginsWith(byte[] body, int... bytes) {
    for (int i = 0; i < bytes.length; i++) {
      if (i >= body.length || (body[i] & 0xFF) != bytes[i]) {
        return false;
      }
    }
    return true;
  }
}
