package dev.moongate.error;

/** The {@code type} member of an error, in OpenAI's words. */
public enum ErrorType {
  INVALID_REQUEST_ERROR,
  AUTHENTICATION_ERROR,
  PERMISSION_ERROR,
  NOT_FOUND_ERROR,
  INSUFFICIENT_QUOTA,
  RATE_LIMIT_ERROR,
  UPSTREAM_ERROR,
  SERVICE_UNAVAILABLE_ERROR,
  SERVER_ERROR;

  /** As it stands on the wire: {@code invalid_request_error}. */
  public String wireName() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
