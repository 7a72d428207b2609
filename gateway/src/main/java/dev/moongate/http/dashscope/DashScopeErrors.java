package dev.moongate.http.dashscope;

import dev.moongate.error.GatewayException;
import dev.moongate.http.ErrorShape;
import dev.moongate.http.Wire;

/**
 * The vendor's shape of a refusal: {@code {"request_id","code","message"}}, flat. It has no place
 * for the member that is wrong, so the message begins with it.
 */
public final class DashScopeErrors implements ErrorShape {
  @Override
  public Written write(GatewayException error, String requestId) {
    VendorError vendor = VendorError.of(error.code());
    return new Written(
        vendor.status(),
        Wire.object()
            .put("request_id", requestId)
            .put("code", vendor.code())
            .put("message", message(error)));
  }

  /** What is said of a refusal, or of a task that failed. */
  static String message(GatewayException error) {
    String message = error.message();
    String param = error.param();
    return param == null || message.startsWith(param) ? message : param + ": " + message;
  }
}
