package dev.moongate.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moongate.auth.Key;
import dev.moongate.generation.GenerationSettings;
import dev.moongate.provider.ApiKey;
import dev.moongate.provider.ImageProvider.Mode;
import dev.moongate.routing.Account;
import dev.moongate.settings.MoongateSettings.AccountSettings;
import dev.moongate.settings.SettingsException;
import dev.moongate.testing.Await;
import dev.moongate.testing.MoongateHarness;
import dev.moongate.testing.MoongateHarness.Answer;
import dev.moongate.testing.SettingsBuilder;
import dev.moongate.testing.TaskUpstream;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A queue in which one would wait longer than it may. */
@Timeout(300)
class QueueWaitTest {
  private static final String BODY = "{\"model\":\"wan2.7-image\",\"prompt\":\"x\"}";

  @TempDir private Path home;
  private final TaskUpstream upstream = new TaskUpstream();
  private final Key key = Key.generate(new SecureRandom());

  @AfterEach
  void stop() {
    upstream.close();
  }

  private MoongateHarness start(Duration queueFor, String currency) {
    GenerationSettings usual = MoongateHarness.impatient();
    GenerationSettings settings =
        new GenerationSettings(
            queueFor,
            usual.firstPoll(),
            usual.pollEvery(),
            usual.faultRetries(),
            usual.linkLife(),
            usual.longestQueue(),
            usual.minFreeDisk(),
            usual.reconcileAfter(),
            usual.keepFor());
    AccountSettings account =
        new AccountSettings(
            "beijing",
            "dashscope",
            URI.create(upstream.http().uri() + "/api/v1"),
            List.of(new ApiKey("sk-a")),
            Mode.ASYNC,
            new Account.Limits(5, 1, 20),
            List.of());
    return MoongateHarness.start(
        SettingsBuilder.from(MoongateHarness.settings(home, List.of(account), key))
            .generation(settings)
            .currency(currency)
            .build(),
        key);
  }

  private static Answer queue(MoongateHarness moongate) {
    return moongate.generate(BODY, "Prefer", "respond-async");
  }

  @Test
  void requestThatWouldWaitPastItsDeadlineIsRefusedAtOnceWithTheTrueWait() {
    upstream.state("RUNNING");
    // Before there is anything to go by, a generation is taken for 20 seconds.
    try (MoongateHarness moongate = start(Duration.ofSeconds(70), "CNY")) {
      assertThat(queue(moongate).status()).isEqualTo(202);
      Await.until("it runs", () -> upstream.submits() == 1);
      for (int i = 0; i < 4; i++) {
        Answer waiting = queue(moongate);
        assertThat(waiting.status()).isEqualTo(202);
        assertThat(waiting.json().path("queue").path("position").intValue()).isEqualTo(i + 1);
      }
      Answer refused = queue(moongate);
      assertThat(refused.error()).isEqualTo("429 queue_full");
      assertThat(refused.header("x-moongate-queue-wait")).isEqualTo("80");
      assertThat(refused.header("Retry-After")).isEqualTo("60");
      assertThat(refused.header("x-should-retry")).isEqualTo("true");
      assertThat(refused.json().path("error").path("message").stringValue())
          .contains("80 seconds")
          .contains("nothing was started or charged");
      assertThat(moongate.rows("SELECT id FROM generation")).hasSize(5);
    }
  }

  @Test
  void aLedgerIsKeptInOneCurrency() {
    start(Duration.ofMinutes(1), "CNY").close();
    assertThatThrownBy(() -> start(Duration.ofMinutes(1), "USD"))
        .isInstanceOf(SettingsException.class)
        .satisfies(e ->
            assertThat(((SettingsException) e).problems())
                .singleElement()
                .asString()
                .contains("is kept in CNY"));
    start(Duration.ofMinutes(1), "CNY").close();
  }
}
