package dev.moongate.error;

import static dev.moongate.error.ErrorType.AUTHENTICATION_ERROR;
import static dev.moongate.error.ErrorType.INVALID_REQUEST_ERROR;
import static dev.moongate.error.ErrorType.NOT_FOUND_ERROR;
import static dev.moongate.error.ErrorType.RATE_LIMIT_ERROR;
import static dev.moongate.error.ErrorType.SERVER_ERROR;
import static dev.moongate.error.ErrorType.SERVICE_UNAVAILABLE_ERROR;
import static dev.moongate.error.ErrorType.UPSTREAM_ERROR;

import java.util.Locale;

/**
 * Every reason Moongate may refuse or fail with: public code, HTTP status, OpenAI type, and whether
 * a client may send the same request again at no risk of paying twice. docs/errors.md is checked
 * against this table.
 */
public enum ErrorCode {
  INVALID_JSON(400, INVALID_REQUEST_ERROR, false),
  INVALID_BODY(400, INVALID_REQUEST_ERROR, false),
  INVALID_ENCODING(400, INVALID_REQUEST_ERROR, false),
  INVALID_UNICODE(400, INVALID_REQUEST_ERROR, false),
  DUPLICATE_KEY(400, INVALID_REQUEST_ERROR, false),
  JSON_TOO_DEEP(400, INVALID_REQUEST_ERROR, false),
  JSON_TOO_LARGE(400, INVALID_REQUEST_ERROR, false),
  UNKNOWN_PARAMETER(400, INVALID_REQUEST_ERROR, false),
  MISSING_REQUIRED_PARAMETER(400, INVALID_REQUEST_ERROR, false),
  INVALID_TYPE(400, INVALID_REQUEST_ERROR, false),
  INVALID_VALUE(400, INVALID_REQUEST_ERROR, false),
  PROMPT_TOO_LONG(400, INVALID_REQUEST_ERROR, false),
  URL_NOT_ALLOWED(400, INVALID_REQUEST_ERROR, false),
  INVALID_IMAGE(400, INVALID_REQUEST_ERROR, false),
  /** The provider refused the request as malformed although ours accepted it; unbilled. */
  UPSTREAM_REFUSED(400, INVALID_REQUEST_ERROR, false),
  CONTENT_POLICY_VIOLATION(400, INVALID_REQUEST_ERROR, false),
  BAD_REQUEST(400, INVALID_REQUEST_ERROR, false),

  MISSING_API_KEY(401, AUTHENTICATION_ERROR, false),
  INVALID_API_KEY(401, AUTHENTICATION_ERROR, false),
  INSUFFICIENT_QUOTA(402, ErrorType.INSUFFICIENT_QUOTA, false),
  LINK_EXPIRED(403, ErrorType.PERMISSION_ERROR, false),
  LINK_INVALID(403, ErrorType.PERMISSION_ERROR, false),
  MODEL_NOT_FOUND(404, NOT_FOUND_ERROR, false),
  NOT_FOUND(404, NOT_FOUND_ERROR, false),
  METHOD_NOT_ALLOWED(405, INVALID_REQUEST_ERROR, false),
  REQUEST_TIMEOUT(408, INVALID_REQUEST_ERROR, false),
  BODY_TOO_LARGE(413, INVALID_REQUEST_ERROR, false),
  UNSUPPORTED_MEDIA_TYPE(415, INVALID_REQUEST_ERROR, false),
  UNSUPPORTED_ENCODING(415, INVALID_REQUEST_ERROR, false),

  /** Throttled by the provider for as long as the generation may wait; nothing was billed. */
  RATE_LIMIT_EXCEEDED(429, RATE_LIMIT_ERROR, true),
  QUEUE_FULL(429, RATE_LIMIT_ERROR, true),

  INTERNAL_ERROR(500, SERVER_ERROR, false),
  /** The provider failed and says that it billed nothing. */
  UPSTREAM_FAILED(502, UPSTREAM_ERROR, true),
  /** No connection to the provider was had. */
  UPSTREAM_UNREACHABLE(502, UPSTREAM_ERROR, true),
  /** The provider refused our credentials: the operator's matter, never the caller's. */
  UPSTREAM_CREDENTIALS(502, UPSTREAM_ERROR, false),
  /** Pictures were made and paid for and could not be brought home. */
  IMAGE_LOST(502, UPSTREAM_ERROR, false),
  /** The provider account cannot pay or may not use the model: the operator's matter. */
  PROVIDER_UNAVAILABLE(503, SERVICE_UNAVAILABLE_ERROR, false),
  OVERLOADED(503, SERVICE_UNAVAILABLE_ERROR, true),
  STORE_UNAVAILABLE(503, SERVICE_UNAVAILABLE_ERROR, true),
  /** The gateway is stopping; the generation, if it was admitted, goes on at the next start. */
  SHUTTING_DOWN(503, SERVICE_UNAVAILABLE_ERROR, false),
  /**
   * The answer is not ready in the time that a waiting request is given; the generation goes on.
   */
  STILL_RUNNING(504, UPSTREAM_ERROR, false),
  /** A submit may or may not have been accepted; it is never sent again. */
  OUTCOME_UNKNOWN(504, UPSTREAM_ERROR, false),
  /** The provider gave up on the task; nothing was billed, but it took long. */
  UPSTREAM_TIMEOUT(504, UPSTREAM_ERROR, false),
  CANCELLED(410, INVALID_REQUEST_ERROR, false);

  private final int status;
  private final ErrorType type;
  private final boolean resendable;

  ErrorCode(int status, ErrorType type, boolean resendable) {
    this.status = status;
    this.type = type;
    this.resendable = resendable;
  }

  /** As it stands on the wire: {@code unknown_parameter}. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  public int status() {
    return status;
  }

  public ErrorType type() {
    return type;
  }

  /** What {@code x-should-retry} says: true only where no paid submit can have happened. */
  public boolean resendable() {
    return resendable;
  }
}
