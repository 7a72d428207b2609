package dev.moongate.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** What a receiver does to know who sent an event; shares no code with the sender. */
public final class WebhookCheck {
  private WebhookCheck() {}

  public static void assertSigned(StandInUpstream.Received request, String secret)
      throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256");
    byte[] key = Base64.getDecoder().decode(secret.substring("whsec_".length()));
    assertThat(key).hasSize(32);
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    mac.update(
        (request.header("webhook-id") + "." + request.header("webhook-timestamp") + ".")
            .getBytes(StandardCharsets.US_ASCII));
    String expected = "v1," + Base64.getEncoder().encodeToString(mac.doFinal(request.body()));
    assertThat(request.header("webhook-signature")).isEqualTo(expected);
    assertThat(request.header("content-type")).isEqualTo("application/json");
    assertThat(request.method()).isEqualTo("POST");
  }
}
