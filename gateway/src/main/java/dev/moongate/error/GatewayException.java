package dev.moongate.error;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A refusal or failure that the caller is told about. The message is written for the caller and
 * must hold no secret and no text of another exception; one boundary in {@code http} turns it into
 * the error envelope.
 */
public final class GatewayException extends RuntimeException {
  private static final int LONGEST_SHOWN_VALUE = 64;

  private final ErrorCode code;
  private final @Nullable String param;
  private final @Nullable Duration retryAfter;
  private final @Nullable String generationId;

  private GatewayException(
      ErrorCode code,
      String message,
      @Nullable String param,
      @Nullable Duration retryAfter,
      @Nullable String generationId) {
    super(message);
    this.code = code;
    this.param = param;
    this.retryAfter = retryAfter;
    this.generationId = generationId;
  }

  public GatewayException(ErrorCode code, String message) {
    this(code, message, null, null, null);
  }

  /**
   * @param param the member that is wrong, as a path: {@code color_palette[2].ratio}
   */
  public GatewayException(ErrorCode code, @Nullable String param, String message) {
    this(code, message, param, null, null);
  }

  /** The same refusal with a {@code Retry-After}; the boundary cuts it at 60 seconds. */
  public GatewayException after(Duration wait) {
    return new GatewayException(code, message(), param, wait, generationId);
  }

  /** The same failure, naming the generation that it ended or that goes on without the caller. */
  public GatewayException of(String generation) {
    return new GatewayException(code, message(), param, retryAfter, generation);
  }

  public ErrorCode code() {
    return code;
  }

  public String message() {
    String message = getMessage();
    return message == null ? code.wireName() : message;
  }

  public @Nullable String param() {
    return param;
  }

  public @Nullable Duration retryAfter() {
    return retryAfter;
  }

  public @Nullable String generationId() {
    return generationId;
  }

  /** A value as a message may show it: cut at 64 characters, control characters replaced. */
  public static String shown(Object value) {
    String text = String.valueOf(value).replaceAll("\\p{Cntrl}", "?");
    return text.codePointCount(0, text.length()) <= LONGEST_SHOWN_VALUE
        ? text
        : text.substring(0, text.offsetByCodePoints(0, LONGEST_SHOWN_VALUE)) + "...";
  }
}
