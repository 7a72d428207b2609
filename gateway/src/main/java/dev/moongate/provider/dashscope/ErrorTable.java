package dev.moongate.provider.dashscope;

import static dev.moongate.error.ErrorCode.CONTENT_POLICY_VIOLATION;
import static dev.moongate.error.ErrorCode.PROVIDER_UNAVAILABLE;
import static dev.moongate.error.ErrorCode.RATE_LIMIT_EXCEEDED;
import static dev.moongate.error.ErrorCode.UPSTREAM_CREDENTIALS;
import static dev.moongate.error.ErrorCode.UPSTREAM_FAILED;
import static dev.moongate.error.ErrorCode.UPSTREAM_REFUSED;
import static dev.moongate.error.ErrorCode.UPSTREAM_TIMEOUT;
import static dev.moongate.provider.Refusal.Next.ACCOUNT;
import static dev.moongate.provider.Refusal.Next.END;
import static dev.moongate.provider.Refusal.Next.RETRY_FEW;
import static dev.moongate.provider.Refusal.Next.THROTTLED;

import dev.moongate.error.ErrorCode;
import dev.moongate.provider.Refusal.Next;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What each error code of the vendor means, as data. A row stands for its code and for everything
 * below it ({@code InternalError} for {@code InternalError.Algo}); the longest row wins.
 *
 * <p>Source: the vendor's "Error messages" page, as seen in 2026; docs/providers/dashscope.md shows
 * this table in words.
 */
enum ErrorTable {
  INVALID_PARAMETER("InvalidParameter", END, UPSTREAM_REFUSED, null),
  INVALID_PARAMETER_DATA_INSPECTION(
      "InvalidParameter.DataInspection", END, UPSTREAM_REFUSED, "input.messages"),
  INVALID_URL("InvalidURL", END, UPSTREAM_REFUSED, "input.messages"),
  INVALID_IMAGE("InvalidImage", END, UPSTREAM_REFUSED, "input.messages"),
  INVALID_IMAGE_FORMAT("InvalidImageFormat", END, UPSTREAM_REFUSED, "input.messages"),
  INVALID_IMAGE_RESOLUTION("InvalidImageResolution", END, UPSTREAM_REFUSED, "input.messages"),
  INVALID_FILE("InvalidFile", END, UPSTREAM_REFUSED, "input.messages"),
  INPUT_DOWNLOAD_FAILED("BadRequest.InputDownloadFailed", END, UPSTREAM_REFUSED, "input.messages"),
  BAD_REQUEST("BadRequest", END, UPSTREAM_REFUSED, null),
  UNSUPPORTED_OPERATION("UnsupportedOperation", END, UPSTREAM_REFUSED, null),

  DATA_INSPECTION_FAILED("DataInspectionFailed", END, CONTENT_POLICY_VIOLATION, null),
  IP_INFRINGEMENT("IPInfringementSuspect", END, CONTENT_POLICY_VIOLATION, null),
  CUSTOM_ROLE_BLOCKED("CustomRoleBlocked", END, CONTENT_POLICY_VIOLATION, null),
  FAQ_RULE_BLOCKED("FaqRuleBlocked", END, CONTENT_POLICY_VIOLATION, null),

  INVALID_API_KEY("InvalidApiKey", ACCOUNT, UPSTREAM_CREDENTIALS, null),
  INVALID_ACCESS_TOKEN("InvalidAccessToken", ACCOUNT, UPSTREAM_CREDENTIALS, null),
  NOT_AUTHORIZED("NotAuthorized", ACCOUNT, UPSTREAM_CREDENTIALS, null),
  UNAUTHORIZED("Unauthorized", ACCOUNT, UPSTREAM_CREDENTIALS, null),

  ARREARAGE("Arrearage", ACCOUNT, PROVIDER_UNAVAILABLE, null),
  ACCESS_DENIED("AccessDenied", ACCOUNT, PROVIDER_UNAVAILABLE, null),
  MODEL_ACCESS_DENIED("Model.AccessDenied", ACCOUNT, PROVIDER_UNAVAILABLE, null),
  WORKSPACE_ACCESS_DENIED("Workspace.AccessDenied", ACCOUNT, PROVIDER_UNAVAILABLE, null),
  APP_ACCESS_DENIED("App.AccessDenied", ACCOUNT, PROVIDER_UNAVAILABLE, null),
  ALLOCATION_QUOTA("AllocationQuota", ACCOUNT, PROVIDER_UNAVAILABLE, null),
  THROTTLING_ALLOCATION_QUOTA("Throttling.AllocationQuota", ACCOUNT, PROVIDER_UNAVAILABLE, null),
  INSUFFICIENT_QUOTA("insufficient_quota", ACCOUNT, PROVIDER_UNAVAILABLE, null),
  COMMODITY_NOT_PURCHASED("CommodityNotPurchased", ACCOUNT, PROVIDER_UNAVAILABLE, null),
  PREPAID_BILL_OVERDUE("PrepaidBillOverdue", ACCOUNT, PROVIDER_UNAVAILABLE, null),
  POSTPAID_BILL_OVERDUE("PostpaidBillOverdue", ACCOUNT, PROVIDER_UNAVAILABLE, null),
  MODEL_NOT_FOUND("ModelNotFound", ACCOUNT, PROVIDER_UNAVAILABLE, null),
  WORKSPACE_NOT_FOUND("WorkSpaceNotFound", ACCOUNT, PROVIDER_UNAVAILABLE, null),
  NOT_FOUND("NotFound", ACCOUNT, PROVIDER_UNAVAILABLE, null),

  THROTTLING("Throttling", THROTTLED, RATE_LIMIT_EXCEEDED, null),
  LIMIT_REQUESTS("limit_requests", THROTTLED, RATE_LIMIT_EXCEEDED, null),
  RATE_LIMIT("rate_limit_exceeded", THROTTLED, RATE_LIMIT_EXCEEDED, null),

  INTERNAL_ERROR("InternalError", RETRY_FEW, UPSTREAM_FAILED, null),
  INTERNAL_ERROR_ALGO("InternalError.Algo", RETRY_FEW, UPSTREAM_FAILED, null),
  INTERNAL_ERROR_FILE_UPLOAD("InternalError.FileUpload", RETRY_FEW, UPSTREAM_FAILED, null),
  INTERNAL_ERROR_UPLOAD("InternalError.Upload", RETRY_FEW, UPSTREAM_FAILED, null),
  INTERNAL_ERROR_INVALID_PARAMETER(
      "InternalError.Algo.InvalidParameter", END, UPSTREAM_REFUSED, null),
  SYSTEM_ERROR("SystemError", RETRY_FEW, UPSTREAM_FAILED, null),
  MODEL_SERVICE_FAILED("ModelServiceFailed", RETRY_FEW, UPSTREAM_FAILED, null),
  REWRITE_FAILED("RewriteFailed", RETRY_FEW, UPSTREAM_FAILED, null),
  MODEL_SERVING_ERROR("ModelServingError", RETRY_FEW, UPSTREAM_FAILED, null),
  MODEL_UNAVAILABLE("ModelUnavailable", RETRY_FEW, UPSTREAM_FAILED, null),

  INTERNAL_ERROR_TIMEOUT("InternalError.Timeout", END, UPSTREAM_TIMEOUT, null),
  REQUEST_TIMEOUT("RequestTimeOut", END, UPSTREAM_TIMEOUT, null),
  RESPONSE_TIMEOUT("ResponseTimeout", END, UPSTREAM_TIMEOUT, null);

  private static final Map<String, ErrorTable> BY_CODE =
      Arrays.stream(values())
          .collect(Collectors.toMap(row -> plain(row.code), Function.identity()));

  private final String code;
  private final Next next;
  private final ErrorCode told;
  private final @Nullable String param;

  ErrorTable(String code, Next next, ErrorCode told, @Nullable String param) {
    this.code = code;
    this.next = next;
    this.told = told;
    this.param = param;
  }

  /** The row of a vendor code, by its longest known beginning; empty if there is none. */
  static Optional<ErrorTable> find(String vendorCode) {
    String code = plain(vendorCode);
    return BY_CODE.entrySet().stream()
        .filter(row -> code.equals(row.getKey()) || code.startsWith(row.getKey() + "."))
        .max(Comparator.comparingInt(row -> row.getKey().length()))
        .map(Map.Entry::getValue);
  }

  Next next() {
    return next;
  }

  ErrorCode told() {
    return told;
  }

  /** The caller's member that such an error is always about. */
  @Nullable String param() {
    return param;
  }

  /**
   * Whether a submit that was answered so may run and be billed all the same: the provider says
   * only that it took too long, or that something broke of which its pages know nothing.
   *
   * @param vendorCode a code that this is the row of
   */
  boolean leavesOpen(String vendorCode, int status) {
    boolean blamesTheRequest = status >= 400 && status < 500;
    boolean unheardOf = next == RETRY_FEW && !plain(code).equals(plain(vendorCode));
    return told == UPSTREAM_TIMEOUT || (unheardOf && !blamesTheRequest);
  }

  // The same code comes as InvalidApiKey, invalid_api_key and INVALID API KEY.
  private static String plain(String code) {
    return code.toLowerCase(Locale.ROOT).replaceAll("[_\\- ]", "");
  }
}
