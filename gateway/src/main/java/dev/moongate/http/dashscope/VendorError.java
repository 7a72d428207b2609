package dev.moongate.http.dashscope;

import dev.moongate.error.ErrorCode;

/**
 * What the vendor would call a refusal of ours: its status and its code. Whatever the operator or
 * the provider is to blame for is no fault of the caller's here either: a 401 is only ever about
 * the caller's own key. docs/dashscope-native.md is checked against this table.
 */
record VendorError(int status, String code) {
  private static final VendorError PARAMETER = new VendorError(400, "InvalidParameter");
  private static final VendorError KEY = new VendorError(401, "InvalidApiKey");
  private static final VendorError DENIED = new VendorError(403, "AccessDenied");
  private static final VendorError RATE = new VendorError(429, "Throttling.RateQuota");
  private static final VendorError INTERNAL = new VendorError(500, "InternalError");
  private static final VendorError BUSY = new VendorError(503, "ModelServingError");
  private static final VendorError NOT_SERVED = new VendorError(503, "ModelUnavailable");
  private static final VendorError GATEWAY = new VendorError(503, "SystemError");

  static VendorError of(ErrorCode code) {
    return switch (code) {
      case INVALID_JSON,
          INVALID_BODY,
          INVALID_MULTIPART,
          INVALID_ENCODING,
          INVALID_UNICODE,
          DUPLICATE_KEY,
          JSON_TOO_DEEP,
          JSON_TOO_LARGE,
          UNKNOWN_PARAMETER,
          MISSING_REQUIRED_PARAMETER,
          INVALID_TYPE,
          INVALID_VALUE,
          PROMPT_TOO_LONG,
          INVALID_IMAGE,
          UPSTREAM_REFUSED,
          BAD_REQUEST,
          UNSUPPORTED_MEDIA_TYPE,
          UNSUPPORTED_ENCODING,
          IDEMPOTENCY_KEY_REUSED ->
          PARAMETER;
      case URL_NOT_ALLOWED -> new VendorError(400, "InvalidURL");
      case CONTENT_POLICY_VIOLATION -> new VendorError(400, "DataInspectionFailed");
      case CANNOT_CANCEL, NOT_ENDED -> new VendorError(400, "UnsupportedOperation");
      case BODY_TOO_LARGE -> new VendorError(400, "BadRequest.TooLarge");
      case INSUFFICIENT_QUOTA -> new VendorError(400, "Arrearage");
      case CANCELLED -> new VendorError(400, "Canceled");

      case MISSING_API_KEY, INVALID_API_KEY -> KEY;
      case PERMISSION_DENIED, LINK_EXPIRED, LINK_INVALID -> DENIED;
      case MODEL_NOT_ALLOWED -> new VendorError(403, "Model.AccessDenied");
      case MODEL_NOT_FOUND -> new VendorError(404, "ModelNotFound");
      case NOT_FOUND -> new VendorError(404, "NotFound");
      case METHOD_NOT_ALLOWED -> new VendorError(405, "InvalidParameter");
      case REQUEST_TIMEOUT -> new VendorError(408, "RequestTimeOut");
      case RANGE_NOT_SATISFIABLE -> new VendorError(416, "InvalidParameter");

      case RATE_LIMIT_EXCEEDED -> RATE;
      case QUEUE_FULL, TOO_MANY_WRONG_KEYS -> new VendorError(429, "Throttling");

      case INTERNAL_ERROR, UPSTREAM_CREDENTIALS -> INTERNAL;
      case UPSTREAM_FAILED -> new VendorError(500, "InternalError.Algo");
      case IMAGE_LOST -> new VendorError(500, "InternalError.Upload");
      case UPSTREAM_TIMEOUT -> new VendorError(500, "InternalError.Timeout");
      case QUEUE_TIMEOUT, OVERLOADED -> BUSY;
      case UPSTREAM_UNREACHABLE, PROVIDER_UNAVAILABLE -> NOT_SERVED;
      case INSUFFICIENT_STORAGE, STORE_UNAVAILABLE, SHUTTING_DOWN -> GATEWAY;
      case STILL_RUNNING -> new VendorError(504, "RequestTimeOut");
      case OUTCOME_UNKNOWN -> new VendorError(504, "ResponseTimeout");
    };
  }
}
