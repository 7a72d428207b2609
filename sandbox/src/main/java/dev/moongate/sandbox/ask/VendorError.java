package dev.moongate.sandbox.ask;

import java.io.Serial;

/** A refusal in the vendor's words: an HTTP status, a code and a message. */
public final class VendorError extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  private final int status;
  private final String code;
  private final String text;

  public VendorError(int status, String code, String text) {
    super(code + ": " + text, null, false, false);
    this.status = status;
    this.code = code;
    this.text = text;
  }

  static VendorError invalid(String text) {
    return new VendorError(400, "InvalidParameter", text);
  }

  public int status() {
    return status;
  }

  public String code() {
    return code;
  }

  public String text() {
    return text;
  }
}
