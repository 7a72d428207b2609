package dev.moongate.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moongate.Gateway;
import dev.moongate.auth.Key;
import dev.moongate.provider.ApiKey;
import dev.moongate.provider.ImageProvider.Mode;
import dev.moongate.routing.Account;
import dev.moongate.settings.MoongateSettings.AccountSettings;
import dev.moongate.testing.Await;
import dev.moongate.testing.MoongateHarness;
import dev.moongate.testing.TaskUpstream;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of generations whose account moongate.yaml does not name any more. */
@Timeout(300)
class StraysTest {
  private static final String BODY =
      "{\"model\":\"wan2.7-image-pro\",\"prompt\":\"x sandbox:delay=600s\"}";

  @TempDir private Path home;
  private final Key key = Key.generate(new SecureRandom());
  private final TaskUpstream upstream = new TaskUpstream();

  @AfterEach
  void stop() {
    upstream.close();
  }

  private MoongateHarness start(List<AccountSettings> accounts, Duration later) {
    return MoongateHarness.started(
        home,
        accounts,
        key,
        settings -> Gateway.start(settings, Clock.offset(Clock.systemUTC(), later)));
  }

  private AccountSettings account(String name) {
    return new AccountSettings(
        name,
        "dashscope",
        URI.create(upstream.http().uri() + "/api/v1"),
        List.of(new ApiKey("sk-" + name)),
        Mode.ASYNC,
        Account.Limits.DASHSCOPE,
        List.of());
  }

  /** Five that run and one that waits. */
  private void leaveSixAt(List<AccountSettings> accounts) {
    try (MoongateHarness moongate = start(accounts, Duration.ZERO)) {
      for (int i = 0; i < 6; i++) {
        moongate.generate(BODY, "Prefer", "respond-async");
      }
      Await.until("five run", () -> count(moongate, "SUBMITTED") == 5);
    }
  }

  private static long count(MoongateHarness moongate, String state) {
    return moongate.rows("SELECT state FROM generation").stream().filter(state::equals).count();
  }

  private static List<String> ledger(MoongateHarness moongate) {
    return moongate.rows("SELECT kind || ' ' || COUNT(*) FROM ledger GROUP BY kind ORDER BY kind");
  }

  @Test
  void whatRanIsUnknownOnceItsProviderHasForgottenIt() {
    upstream.state("RUNNING");
    leaveSixAt(List.of(account("beijing")));
    upstream.state("SUCCEEDED");
    List<AccountSettings> others = List.of(account("singapore"));
    try (MoongateHarness moongate = start(others, Duration.ofMinutes(5))) {
      Await.until("what waited was made elsewhere", () -> count(moongate, "SUCCEEDED") == 1);
      assertThat(count(moongate, "SUBMITTED")).isEqualTo(5);
    }
    try (MoongateHarness moongate = start(others, Duration.ofHours(26))) {
      Await.until("nothing is open", () -> count(moongate, "UNRESOLVED") == 5);
      assertThat(ledger(moongate))
          .containsExactly("CHARGE 1", "COST 1", "HOLD 6", "RELEASE 5", "SUSPECTED_COST 5");
    }
  }

  @Test
  void whatRanGoesOnIfItsAccountComesBackInTime() {
    upstream.state("RUNNING");
    leaveSixAt(List.of(account("beijing")));
    upstream.state("SUCCEEDED");
    start(List.of(account("singapore")), Duration.ofHours(2)).close();
    try (MoongateHarness moongate = start(List.of(account("beijing")), Duration.ofHours(3))) {
      Await.until("the five are home", () -> count(moongate, "SUCCEEDED") >= 5);
    }
  }

  @Test
  void whatTheSandboxWasAskedForIsNeverBought() {
    leaveSixAt(List.of());
    List<AccountSettings> real = List.of(account("beijing"));
    try (MoongateHarness moongate = start(real, Duration.ofMinutes(5))) {
      assertThat(moongate.generate(BODY).status()).isEqualTo(200);
      assertThat(count(moongate, "ADMITTED")).isEqualTo(1);
    }
    try (MoongateHarness moongate = start(real, Duration.ofHours(1))) {
      Await.until("it has waited too long", () -> count(moongate, "FAILED") == 1);
    }
    assertThat(upstream.submits()).isEqualTo(1);
  }

  @Test
  void whatWasToBeBoughtIsNeverDrawn() {
    upstream.state("RUNNING");
    leaveSixAt(List.of(account("beijing")));
    try (MoongateHarness moongate = start(List.of(), Duration.ofMinutes(5))) {
      assertThat(moongate.generate(BODY.replace("600s", "50ms")).status()).isEqualTo(200);
      assertThat(count(moongate, "ADMITTED")).isEqualTo(1);
    }
  }
}
