package dev.moongate.provider;

import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.eclipse.jetty.client.HttpResponseException;
import org.jspecify.annotations.Nullable;

/** What went wrong with a call, in words that may stand in a log. */
final class CallTrouble {
  private CallTrouble() {}

  /**
   * The failure of an answer that was begun, in words; an {@link InterruptedIOException} if it was
   * only late.
   */
  static IOException failureOf(Throwable failure) {
    return switch (rootOf(failure)) {
      case TimeoutException _, InterruptedIOException _ ->
          new InterruptedIOException(reasonOf(failure));
      default -> new IOException(reasonOf(failure));
    };
  }

  /** A failure in words that name no address and no credential. */
  static String reasonOf(Throwable failure) {
    Throwable root = rootOf(failure);
    return switch (root) {
      // Only a CONNECT fails by its status.
      case HttpResponseException refused ->
          "the proxy answered " + refused.getResponse().getStatus();
      case SendGate.ClosedException _ -> "it came too late to be sent";
      case UnknownHostException _ -> "the name does not resolve";
      case SSLException _ -> "TLS failed";
      case TimeoutException _ -> "timed out";
      case java.net.SocketTimeoutException _ -> "timed out";
      case ConnectException _ -> "refused";
      case EOFException _ -> "the connection ended";
      case InterruptedException _ -> "interrupted";
      default -> root.getClass().getSimpleName();
    };
  }

  /** What a failure began with. */
  static Throwable rootOf(Throwable failure) {
    Throwable root = failure;
    for (@Nullable Throwable cause = root.getCause(); cause != null; cause = root.getCause()) {
      root = cause;
    }
    return root;
  }
}
