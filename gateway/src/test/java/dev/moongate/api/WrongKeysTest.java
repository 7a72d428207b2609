package dev.moongate.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moongate.auth.Key;
import dev.moongate.testing.MoongateHarness;
import dev.moongate.testing.MoongateHarness.Answer;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Guessing keys is slow, and disturbs nobody. */
@Timeout(300)
class WrongKeysTest {
  @TempDir private Path home;

  @Test
  void wrongKeysOfOneAddressAreToldToStopWhileAGoodOneWorks() {
    try (MoongateHarness moongate = MoongateHarness.sandbox(home)) {
      SecureRandom random = new SecureRandom();
      int refused = 0;
      Answer answer = guess(moongate, random);
      while (answer.status() == 401) {
        refused++;
        answer = guess(moongate, random);
      }
      // Two seconds later there is one more: a slow machine may see a few.
      assertThat(refused).isBetween(30, 60);
      assertThat(answer.error()).isEqualTo("429 too_many_wrong_keys");
      assertThat(answer.header("x-should-retry")).isEqualTo("false");
      assertThat(Integer.parseInt(answer.header("Retry-After"))).isBetween(1, 60);
      assertThat(moongate.get("/v1/models").status()).isEqualTo(200);
      assertThat(moongate.admin("GET", "/keys", null).status()).isEqualTo(200);
      // No key at all is no guess.
      assertThat(moongate.call(null, "GET", "/v1/models", null).error())
          .isEqualTo("401 invalid_api_key");
    }
  }

  private static Answer guess(MoongateHarness moongate, SecureRandom random) {
    return moongate.call(Key.generate(random).text(), "GET", "/v1/models", null);
  }
}
