package dev.moongate.webhook;

import dev.moongate.provider.Download;
import dev.moongate.provider.HttpCall;
import dev.moongate.provider.HttpCalls;
import dev.moongate.provider.StreamedBody;
import java.io.IOException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Brings one event to its receiver, once. Follows no redirect, connects only to addresses that were
 * checked, and reads no more of an answer than its status and 4 KB.
 */
final class Courier {
  private static final Duration LONGEST = Duration.ofSeconds(15);
  private static final int LARGEST_ANSWER = 4 * 1024;

  private final HttpCalls calls;
  private final WebhookSettings settings;
  private final Duration longest;

  Courier(HttpCalls calls, WebhookSettings settings) {
    this(calls, settings, LONGEST);
  }

  /**
   * @param longest how long an attempt may take
   */
  Courier(HttpCalls calls, WebhookSettings settings, Duration longest) {
    this.calls = calls;
    this.settings = settings;
    this.longest = longest;
  }

  /**
   * What came of an attempt.
   *
   * @param status null if there was no answer
   * @param error in words for logs and rows, which name no path and no secret
   */
  record Outcome(@Nullable Integer status, String error) {
    boolean delivered() {
      return status != null && status / 100 == 2;
    }

    /** The receiver wants no more of it. */
    boolean gone() {
      return status != null && status == 410;
    }
  }

  Outcome bring(WebhookDelivery delivery, String body, Instant now) {
    Webhook webhook = delivery.webhook();
    Optional<String> refusal = WebhookUrl.refusalOf(webhook.url().toString(), settings);
    if (refusal.isPresent()) {
      return new Outcome(null, "the webhook URL " + refusal.orElseThrow());
    }
    HttpCall call =
        new HttpCall(
            "POST",
            webhook.url(),
            Map.of(
                "Content-Type", "application/json",
                "webhook-id", delivery.id(),
                "webhook-timestamp", Long.toString(now.getEpochSecond()),
                "webhook-signature", Signature.of(webhook.secret(), delivery.id(), now, body)),
            StreamedBody.of(body),
            LARGEST_ANSWER,
            longest);
    try (Download answer = calls.post(call, settings.allowPrivate())) {
      int status = answer.status();
      readABit(answer);
      return new Outcome(status, "status " + status);
    } catch (UnknownHostException e) {
      // Only this one says more than that the network failed: which address was refused.
      return new Outcome(null, "not connected: " + e.getMessage());
    } catch (IOException e) {
      return new Outcome(null, "no answer: " + e.getMessage());
    }
  }

  /** A short answer that was read to its end leaves a connection that can be used again. */
  private static void readABit(Download answer) {
    try {
      var _ = answer.body().readNBytes(LARGEST_ANSWER);
    } catch (IOException e) {
      // The status has said it all.
    }
  }
}
