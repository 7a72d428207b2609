package dev.moongate.sandbox.ask;

/** The vendor's error codes with the status and the message they come with. */
public final class ErrorTable {
  private ErrorTable() {}

  /** The refusal for a code, also for one the table does not know. */
  public static VendorError refusal(String code) {
    return new VendorError(status(code), code, message(code));
  }

  private static int status(String code) {
    if (code.startsWith("InternalError.Algo.InvalidParameter")) {
      return 400;
    }
    return switch (family(code)) {
      case "InvalidApiKey" -> 401;
      case "AccessDenied", "Model", "Workspace", "AllocationQuota" -> 403;
      case "ModelNotFound", "NotFound", "WorkSpaceNotFound" -> 404;
      case "Throttling",
          "insufficient_quota",
          "CommodityNotPurchased",
          "PrepaidBillOverdue",
          "PostpaidBillOverdue" ->
          429;
      case "InternalError",
          "SystemError",
          "ModelServiceFailed",
          "RewriteFailed",
          "RequestTimeOut",
          "ResponseTimeout" ->
          500;
      case "ModelServingError", "ModelUnavailable" -> 503;
      default -> 400;
    };
  }

  /** The code a bare status comes with. */
  public static String codeOf(int status) {
    return switch (status) {
      case 400 -> "InvalidParameter";
      case 401 -> "InvalidApiKey";
      case 403 -> "AccessDenied";
      case 404 -> "ModelNotFound";
      case 429 -> "Throttling.RateQuota";
      case 503 -> "ModelUnavailable";
      default -> "InternalError";
    };
  }

  private static String message(String code) {
    return switch (family(code)) {
      case "InvalidApiKey" -> "Invalid API-key provided.";
      case "DataInspectionFailed" -> "Input or output data may contain inappropriate content.";
      case "IPInfringementSuspect" ->
          "Input data is suspected of being involved in IP infringement.";
      case "Arrearage" -> "Access denied, please make sure your account is in good standing.";
      case "AllocationQuota" ->
          "The free tier of the model has been exhausted. If you wish to continue access the model"
              + " on a paid basis, please disable the \"use free tier only\" mode.";
      case "Throttling" ->
          code.endsWith("AllocationQuota")
              ? "Allocated quota exceeded, please increase your quota limit."
              : "Requests rate limit exceeded, please try again later.";
      case "AccessDenied" -> "Access denied.";
      case "ModelNotFound" -> "The model does not exist or you do not have access to it.";
      case "RequestTimeOut" -> "Request timed out, please try again later.";
      case "ModelUnavailable", "ModelServingError" -> "Too many requests. The model is busy.";
      case "InternalError" -> "An internal error has occured, please try again later.";
      default -> "Asked for by a word in the prompt.";
    };
  }

  private static String family(String code) {
    int dot = code.indexOf('.');
    return dot < 0 ? code : code.substring(0, dot);
  }
}
