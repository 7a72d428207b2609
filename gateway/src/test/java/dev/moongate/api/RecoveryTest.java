package dev.moongate.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moongate.provider.ImageProvider.Mode;
import dev.moongate.settings.MoongateSettings.AccountSettings;
import dev.moongate.testing.Await;
import dev.moongate.testing.MoongateHarness;
import dev.moongate.testing.SettableClock;
import dev.moongate.testing.TaskUpstream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A generation goes on without its client, and over restarts. */
@Timeout(300)
class RecoveryTest {
  private static final String BODY = "{\"model\":\"wan2.7-image-pro\",\"prompt\":\"x\"}";

  @TempDir private Path home;
  private final TaskUpstream upstream = new TaskUpstream();
  private MoongateHarness moongate;

  @AfterEach
  void stop() {
    moongate.close();
    upstream.close();
  }

  private MoongateHarness start() {
    return MoongateHarness.start(home, accounts(), MoongateHarness.settings());
  }

  private List<AccountSettings> accounts() {
    return List.of(MoongateHarness.account(upstream.http().uri(), Mode.ASYNC));
  }

  /** Sends a whole request and goes away without an answer. */
  private void askAndLeave(int number) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), moongate.port())) {
      socket
          .getOutputStream()
          .write(
              """
              POST /v1/images/generations HTTP/1.1\r
              Host: localhost\r
              Authorization: Bearer %s\r
              Content-Type: application/json\r
              Content-Length: %d\r
              \r
              %s\
              """
                  .formatted(moongate.key().text(), BODY.length(), BODY)
                  .getBytes(StandardCharsets.US_ASCII));
      Await.until("it is admitted", () -> generations() == number);
      socket.setSoLinger(true, 0);
    }
  }

  private int generations() {
    return moongate.rows("SELECT id FROM generation").size();
  }

  private int ended() {
    return moongate.rows("SELECT id FROM generation WHERE settled_at IS NOT NULL").size();
  }

  @Test
  void disconnectsAndRestartsStopNothingQueuedOrRunning() throws IOException {
    moongate = start();
    upstream.state("RUNNING");
    for (int number = 1; number <= 7; number++) {
      askAndLeave(number);
    }
    Await.until("five run", () -> upstream.submits() == 5 || ended() > 0);
    assertThat(ended()).isZero();
    moongate.close();
    int pollsBefore = upstream.http().received("/api/v1/tasks/task-1").size();
    // It stands three seconds after the end, so that only what is due by then is done.
    SettableClock clock = new SettableClock();
    clock.set(Clock.systemUTC().instant().plusSeconds(3));
    moongate =
        MoongateHarness.seamed(
            home, accounts(), clock, UnaryOperator.identity(), UnaryOperator.identity());
    Await.until(
        "it is polled again",
        () -> upstream.http().received("/api/v1/tasks/task-1").size() > pollsBefore);
    upstream.state("SUCCEEDED");
    Await.until(
        "all have ended",
        () -> {
          clock.advance(Duration.ofMillis(10));
          return ended() == 7;
        });
    assertThat(moongate.rows("SELECT DISTINCT state FROM generation")).containsExactly("SUCCEEDED");
    assertThat(upstream.submits()).isEqualTo(7);
    assertThat(moongate.rows("SELECT amount FROM ledger WHERE kind = 'CHARGE'")).hasSize(7);
  }
}
