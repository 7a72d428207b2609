package dev.moongate.generation;

import dev.moongate.error.ErrorCode;
import dev.moongate.error.GatewayException;
import org.jspecify.annotations.Nullable;

/** Why a generation did not end well, as its row keeps it and its caller is told. */
public record Failure(ErrorCode code, String message, @Nullable String param) {
  /** The same as an exception for a waiting request. */
  public GatewayException toException(String generationId) {
    return new GatewayException(code, param, message).of(generationId);
  }
}
