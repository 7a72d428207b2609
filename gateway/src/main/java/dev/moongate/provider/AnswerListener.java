package dev.moongate.provider;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.client.Result;
import org.eclipse.jetty.http.HttpHeader;
import org.jspecify.annotations.Nullable;

/**
 * Collects one bounded answer. It is complete when the answer is, even if the request is not: a
 * provider may refuse before it has read everything.
 */
final class AnswerListener implements Response.Listener {
  private final int largest;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final CompletableFuture<Heard> heard = new CompletableFuture<>();

  AnswerListener(int largest) {
    this.largest = largest;
  }

  /** A response, or why there is none. */
  record Heard(@Nullable Response response, CallOutcome.Body body, @Nullable Throwable failure) {
    CallOutcome outcome(boolean wholeRequestLeft) {
      if (response == null) {
        String reason = failure == null ? "no answer" : CallTrouble.reasonOf(failure);
        return new CallOutcome.Broken("no answer: " + reason, wholeRequestLeft);
      }
      return new CallOutcome.Answered(
          response.getStatus(),
          response.getHeaders().get(HttpHeader.RETRY_AFTER),
          HttpCalls.encoded(response.getHeaders()),
          body,
          wholeRequestLeft);
    }
  }

  /** Waits for the answer; when the time is up, that is the answer. */
  Heard await(Duration timeout) {
    try {
      return heard.get(Math.max(0, timeout.toNanos()), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      return failed(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return failed(e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void onContent(Response response, ByteBuffer content) {
    if (bytes.size() + content.remaining() > largest) {
      heard.complete(failed(new AnswerTooLargeException()));
      var _ = response.abort(new AnswerTooLargeException());
      return;
    }
    byte[] piece = new byte[content.remaining()];
    content.get(piece);
    bytes.writeBytes(piece);
  }

  @Override
  public void onSuccess(Response response) {
    heard.complete(new Heard(response, new CallOutcome.Body(bytes.toByteArray()), null));
  }

  @Override
  public void onFailure(Response response, Throwable failure) {
    heard.complete(failed(failure));
  }

  @Override
  public void onComplete(Result result) {
    Throwable failure = result.getFailure();
    heard.complete(failed(failure == null ? new IOException("no answer") : failure));
  }

  private static Heard failed(Throwable failure) {
    return new Heard(null, new CallOutcome.Body(new byte[0]), failure);
  }

  /** The answer does not end. */
  static final class AnswerTooLargeException extends IOException {}
}
