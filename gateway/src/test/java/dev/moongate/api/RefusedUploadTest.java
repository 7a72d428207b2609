package dev.moongate.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moongate.testing.Form;
import dev.moongate.testing.RawClient;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Clients that send all of their body before they read find the answer, not a broken pipe. */
class RefusedUploadTest extends RefusalFixture {
  private static final String HEAD =
      "POST /v1/images/generations HTTP/1.1|Host: x|Authorization: Bearer %s|Content-Type: %s|Content-Length: %d";

  @ParameterizedTest
  @CsvSource({
    "good,application/json,40,413",
    "bad,application/json,20,401",
    "good,text/plain,20,415"
  })
  void refusalIsReadAfterTheWholeBodyWasSent(String key, String type, int megabytes, int status) {
    String bearer = key.equals("good") ? moongate.key().text() : "moongate_wrong";
    String head = HEAD.formatted(bearer, type, megabytes << 20);
    String answer = answerAfter(head, megabytes);
    // The gateway takes what comes for two seconds, and a slow machine may stand still for them.
    for (int again = 0; again < 5 && answer.isEmpty(); again++) {
      answer = answerAfter(head, megabytes);
    }
    assertThat(answer).startsWith("HTTP/1.1 " + status + " ").endsWith("}}");
  }

  /** Empty if the connection broke before all was sent. */
  private static String answerAfter(String head, int megabytes) {
    try (RawClient client = new RawClient(moongate.port())) {
      client.head(head);
      byte[] megabyte = new byte[1 << 20];
      for (int i = 0; i < megabytes; i++) {
        client.send(megabyte);
      }
      return client.reading().whole();
    } catch (IOException e) {
      return "";
    }
  }

  @Test
  void partOfAFormIsRefusedThoughTheRestOfItNeverComes() throws IOException {
    try (RawClient client = new RawClient(moongate.port()).reading()) {
      client.head(
          HEAD.replace("generations", "edits")
              .formatted(moongate.key().text(), Form.CONTENT_TYPE, 150 << 20));
      byte[] part = new Form().text("prompt", "x".repeat(100_000)).unended();
      client.send(Arrays.copyOf(part, 90_000));
      assertThat(client.whole())
          .startsWith("HTTP/1.1 400 ")
          .contains("\"prompt\"", "more than 64 KB");
    }
  }

  @Test
  void clientThatNeverStopsSendingIsCutOff() throws IOException {
    try (RawClient client = new RawClient(moongate.port()).reading()) {
      client.head(HEAD.formatted("moongate_wrong", "application/json", 1 << 30));
      client.drip(64).join();
      assertThat(client.whole()).startsWith("HTTP/1.1 401 ");
    }
  }
}
