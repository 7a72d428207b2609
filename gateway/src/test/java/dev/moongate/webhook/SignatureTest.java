package dev.moongate.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class SignatureTest {
  /** The example that the Standard Webhooks libraries test themselves with. */
  @Test
  void theSignatureIsTheOneOfTheStandardsLibraries() {
    WebhookSecret secret = WebhookSecret.of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    assertThat(
            Signature.of(
                secret,
                "msg_p5jXN8AQM9LWM0D4loKWxJek",
                Instant.ofEpochSecond(1_614_265_330, 999_999_999),
                "{\"test\": 2432232314}"))
        .isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
  }

  @Test
  void aNewSecretIs32RandomBytesAndShowsItselfOnlyWhenAsked() {
    WebhookSecret secret = WebhookSecret.generate(new SecureRandom());
    assertThat(secret.text()).startsWith("whsec_");
    assertThat(Base64.getDecoder().decode(secret.text().substring(6))).hasSize(32);
    assertThat(secret.text())
        .isNotEqualTo(WebhookSecret.generate(new SecureRandom()).text())
        .isEqualTo(WebhookSecret.of(secret.text()).text());
    assertThat(secret.toString()).isEqualTo("whsec_***");
    assertThatIllegalArgumentException().isThrownBy(() -> WebhookSecret.of("secret"));
  }
}
