package dev.moongate.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moongate.auth.Key;
import dev.moongate.provider.ImageProvider.Mode;
import dev.moongate.testing.Await;
import dev.moongate.testing.MoongateHarness;
import dev.moongate.testing.TaskUpstream;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A new version may lack a model that the old one has left work of. */
@Timeout(300)
class WithdrawnModelTest {
  private static final String BODY = "{\"model\":\"wan2.7-image-pro\",\"prompt\":\"x\"}";

  @TempDir private Path home;
  private final TaskUpstream upstream = new TaskUpstream();
  private final Key key = Key.generate(new SecureRandom());
  private MoongateHarness moongate;

  @BeforeEach
  void start() {
    moongate =
        MoongateHarness.start(
            home,
            List.of(MoongateHarness.account(upstream.http().uri(), Mode.ASYNC)),
            MoongateHarness.settings(),
            key);
  }

  @AfterEach
  void stop() {
    moongate.close();
    upstream.close();
  }

  /** As if all that is in this state had been asked of a model that is gone after the restart. */
  private List<String> restartWithoutTheModelOf(String state) {
    moongate.close();
    List<String> ids =
        moongate.rows(
            """
            UPDATE generation
            SET model = 'wan1.0-image', request = REPLACE(request, 'wan2.7-image-pro', 'wan1.0-image')
            WHERE state = '%s' RETURNING id
            """
                .formatted(state));
    start();
    return ids;
  }

  private void awaitEnd(String id, String state, String code) {
    Await.until(
        "it has ended",
        () ->
            moongate
                .rows("SELECT state, error_code FROM generation WHERE id = '" + id + "'")
                .equals(List.of(state + "|" + code)));
  }

  @Test
  void whatWaitsForItEndsUnsentAndUncharged() {
    upstream.state("RUNNING");
    for (int i = 0; i < 6; i++) {
      moongate.generate(BODY, "Prefer", "respond-async");
    }
    Await.until("five run", () -> upstream.submits() == 5);
    List<String> waiting = restartWithoutTheModelOf("ADMITTED");
    assertThat(waiting).hasSize(1);
    upstream.state("SUCCEEDED");
    awaitEnd(waiting.getFirst(), "FAILED", "MODEL_NOT_FOUND");
    assertThat(
            moongate.rows(
                "SELECT kind FROM ledger WHERE generation_id = '" + waiting.getFirst() + "'"))
        .containsExactlyInAnyOrder("HOLD", "RELEASE");
    assertThat(upstream.submits()).isEqualTo(5);
    assertThat(moongate.generate(BODY).status()).isEqualTo(200);
  }

  @Test
  void whatIsInDoubtEndsAsUnknownAndLetsItsCredentialGo() {
    upstream.fates(TaskUpstream.Fate.ACCEPTED_UNANSWERED).listStatus(500);
    moongate.generate(BODY, "Prefer", "respond-async");
    Await.until("it was looked for", () -> upstream.lists() > 0);
    List<String> doubted = restartWithoutTheModelOf("UNCERTAIN");
    assertThat(doubted).hasSize(1);
    awaitEnd(doubted.getFirst(), "UNRESOLVED", "OUTCOME_UNKNOWN");
    assertThat(moongate.generate(BODY).status()).isEqualTo(200);
  }
}
