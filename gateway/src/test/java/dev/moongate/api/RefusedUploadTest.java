package dev.moongate.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moongate.provider.ImageProvider.Mode;
import dev.moongate.testing.MoongateHarness;
import dev.moongate.testing.RawClient;
import dev.moongate.testing.StandInUpstream;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Clients that send all of their body before they read find the answer, not a broken pipe. */
@Timeout(300)
class RefusedUploadTest {
  private static final String HEAD =
      "POST /v1/images/generations HTTP/1.1|Host: x|Authorization: Bearer %s|Content-Type: %s|Content-Length: %d";

  @TempDir private static Path home;
  private static StandInUpstream upstream;
  private static MoongateHarness moongate;

  @BeforeAll
  static void start() {
    upstream = new StandInUpstream();
    moongate = MoongateHarness.before(home, upstream.uri(), Mode.ASYNC);
  }

  @AfterAll
  static void stop() {
    moongate.close();
    upstream.close();
  }

  @ParameterizedTest
  @CsvSource({
    "good,application/json,40,413",
    "bad,application/json,20,401",
    "good,text/plain,20,415"
  })
  void refusalIsReadAfterTheWholeBodyWasSent(String key, String type, int megabytes, int status)
      throws IOException {
    try (RawClient client = new RawClient(moongate.port())) {
      String bearer = key.equals("good") ? moongate.key().text() : "moongate_wrong";
      client.head(HEAD.formatted(bearer, type, megabytes << 20));
      byte[] megabyte = new byte[1 << 20];
      for (int i = 0; i < megabytes; i++) {
        client.send(megabyte);
      }
      assertThat(client.reading().whole()).startsWith("HTTP/1.1 " + status + " ").endsWith("}}");
    }
  }

  @Test
  void clientThatNeverStopsSendingIsCutOff() throws IOException {
    try (RawClient client = new RawClient(moongate.port()).reading()) {
      client.head(HEAD.formatted("moongate_wrong", "application/json", 1 << 30));
      client.drip().join();
      assertThat(client.whole()).startsWith("HTTP/1.1 401 ");
    }
  }
}
