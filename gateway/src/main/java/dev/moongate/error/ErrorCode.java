package dev.moongate.error;

import static dev.moongate.error.ErrorCode.Resend.IF_RECOGNISED;
import static dev.moongate.error.ErrorCode.Resend.NO;
import static dev.moongate.error.ErrorCode.Resend.YES;
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
  INVALID_JSON(400, INVALID_REQUEST_ERROR, NO),
  INVALID_BODY(400, INVALID_REQUEST_ERROR, NO),
  /** A form with files that cannot be taken apart. */
  INVALID_MULTIPART(400, INVALID_REQUEST_ERROR, NO),
  INVALID_ENCODING(400, INVALID_REQUEST_ERROR, NO),
  INVALID_UNICODE(400, INVALID_REQUEST_ERROR, NO),
  DUPLICATE_KEY(400, INVALID_REQUEST_ERROR, NO),
  JSON_TOO_DEEP(400, INVALID_REQUEST_ERROR, NO),
  JSON_TOO_LARGE(400, INVALID_REQUEST_ERROR, NO),
  UNKNOWN_PARAMETER(400, INVALID_REQUEST_ERROR, NO),
  MISSING_REQUIRED_PARAMETER(400, INVALID_REQUEST_ERROR, NO),
  INVALID_TYPE(400, INVALID_REQUEST_ERROR, NO),
  INVALID_VALUE(400, INVALID_REQUEST_ERROR, NO),
  /** What was asked for can no longer be cancelled. */
  CANNOT_CANCEL(400, INVALID_REQUEST_ERROR, NO),
  /** What was asked for cannot be deleted before it has ended. */
  NOT_ENDED(400, INVALID_REQUEST_ERROR, NO),
  PROMPT_TOO_LONG(400, INVALID_REQUEST_ERROR, NO),
  URL_NOT_ALLOWED(400, INVALID_REQUEST_ERROR, NO),
  INVALID_IMAGE(400, INVALID_REQUEST_ERROR, NO),
  /** The provider refused the request as malformed although ours accepted it; unbilled. */
  UPSTREAM_REFUSED(400, INVALID_REQUEST_ERROR, NO),
  CONTENT_POLICY_VIOLATION(400, INVALID_REQUEST_ERROR, NO),
  BAD_REQUEST(400, INVALID_REQUEST_ERROR, NO),

  MISSING_API_KEY(401, AUTHENTICATION_ERROR, NO),
  INVALID_API_KEY(401, AUTHENTICATION_ERROR, NO),
  INSUFFICIENT_QUOTA(402, ErrorType.INSUFFICIENT_QUOTA, NO),
  /** The key's role does not allow it. */
  PERMISSION_DENIED(403, ErrorType.PERMISSION_ERROR, NO),
  /** The key may not use the model. */
  MODEL_NOT_ALLOWED(403, ErrorType.PERMISSION_ERROR, NO),
  LINK_EXPIRED(403, ErrorType.PERMISSION_ERROR, NO),
  LINK_INVALID(403, ErrorType.PERMISSION_ERROR, NO),
  MODEL_NOT_FOUND(404, NOT_FOUND_ERROR, NO),
  NOT_FOUND(404, NOT_FOUND_ERROR, NO),
  METHOD_NOT_ALLOWED(405, INVALID_REQUEST_ERROR, NO),
  REQUEST_TIMEOUT(408, INVALID_REQUEST_ERROR, NO),
  BODY_TOO_LARGE(413, INVALID_REQUEST_ERROR, NO),
  UNSUPPORTED_MEDIA_TYPE(415, INVALID_REQUEST_ERROR, NO),
  UNSUPPORTED_ENCODING(415, INVALID_REQUEST_ERROR, NO),
  RANGE_NOT_SATISFIABLE(416, INVALID_REQUEST_ERROR, NO),

  /** The Idempotency-Key belongs to another request. */
  IDEMPOTENCY_KEY_REUSED(422, INVALID_REQUEST_ERROR, NO),

  /**
   * More than the key, its project or the provider allows for now; nothing was started or billed.
   */
  RATE_LIMIT_EXCEEDED(429, RATE_LIMIT_ERROR, YES),
  QUEUE_FULL(429, RATE_LIMIT_ERROR, YES),
  /** Too many wrong keys from one address. */
  TOO_MANY_WRONG_KEYS(429, RATE_LIMIT_ERROR, NO),

  INTERNAL_ERROR(500, SERVER_ERROR, IF_RECOGNISED),
  /** The provider failed and says that it billed nothing. */
  UPSTREAM_FAILED(502, UPSTREAM_ERROR, YES),
  /** No connection to the provider was had. */
  UPSTREAM_UNREACHABLE(502, UPSTREAM_ERROR, YES),
  /** The provider refused our credentials: the operator's matter, never the caller's. */
  UPSTREAM_CREDENTIALS(502, UPSTREAM_ERROR, NO),
  /** Pictures were made and paid for and could not be brought home. */
  IMAGE_LOST(502, UPSTREAM_ERROR, NO),
  /** The provider account cannot pay or may not use the model: the operator's matter. */
  PROVIDER_UNAVAILABLE(503, SERVICE_UNAVAILABLE_ERROR, NO),
  /** The generation waited as long as it may and was never submitted. */
  QUEUE_TIMEOUT(503, SERVICE_UNAVAILABLE_ERROR, YES),
  OVERLOADED(503, SERVICE_UNAVAILABLE_ERROR, YES),
  /** Too little disk for the pictures of a request; nothing was started. */
  INSUFFICIENT_STORAGE(503, SERVICE_UNAVAILABLE_ERROR, YES),
  STORE_UNAVAILABLE(503, SERVICE_UNAVAILABLE_ERROR, IF_RECOGNISED),
  /** The gateway is stopping; the generation, if it was admitted, goes on at the next start. */
  SHUTTING_DOWN(503, SERVICE_UNAVAILABLE_ERROR, IF_RECOGNISED),
  /**
   * The answer is not ready in the time that a waiting request is given; the generation goes on.
   */
  STILL_RUNNING(504, UPSTREAM_ERROR, IF_RECOGNISED),
  /** A submit may or may not have been accepted; it is never sent again. */
  OUTCOME_UNKNOWN(504, UPSTREAM_ERROR, NO),
  /** The provider gave up on the task; nothing was billed, but it took long. */
  UPSTREAM_TIMEOUT(504, UPSTREAM_ERROR, NO),
  CANCELLED(410, INVALID_REQUEST_ERROR, NO);

  private final int status;
  private final ErrorType type;
  private final Resend resend;

  ErrorCode(int status, ErrorType type, Resend resend) {
    this.status = status;
    this.type = type;
    this.resend = resend;
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

  /** Whether a client may send the same request again. */
  public Resend resend() {
    return resend;
  }

  /**
   * Whether an Idempotency-Key may be used again after a generation that failed so: it cost
   * nothing, and either the client was told to try again, or it was the operator's fault, which the
   * operator may mend at any moment.
   */
  public boolean freesKey() {
    return resend == Resend.YES || this == UPSTREAM_CREDENTIALS || this == PROVIDER_UNAVAILABLE;
  }

  /** What {@code x-should-retry} says. */
  public enum Resend {
    /** Never: it would fail again, or a paid submit may have happened. */
    NO,
    /** Always: no paid submit can have happened. */
    YES,
    /**
     * Only if the request carries an Idempotency-Key or an SDK's retry count, so that the next one
     * joins what may be running.
     */
    IF_RECOGNISED
  }
}
