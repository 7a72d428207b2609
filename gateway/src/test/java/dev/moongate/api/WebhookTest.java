package dev.moongate.api;

import static dev.moongate.testing.DashScopeScripts.ASYNC;
import static dev.moongate.testing.DashScopeScripts.delivering;
import static dev.moongate.testing.DashScopeScripts.error;
import static dev.moongate.testing.DashScopeScripts.png;
import static dev.moongate.testing.StandInUpstream.json;
import static dev.moongate.testing.StandInUpstream.silence;
import static dev.moongate.testing.WebhookCheck.assertSigned;
import static org.assertj.core.api.Assertions.assertThat;

import dev.moongate.HomeDatabase;
import dev.moongate.provider.ImageProvider.Mode;
import dev.moongate.testing.Await;
import dev.moongate.testing.Log;
import dev.moongate.testing.MoongateHarness;
import dev.moongate.testing.MoongateHarness.Answer;
import dev.moongate.testing.StandInUpstream;
import dev.moongate.testing.StandInUpstream.Received;
import dev.moongate.webhook.Webhook;
import dev.moongate.webhook.WebhookSecret;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A key's webhook is told how each generation ended, over restarts too. */
@Timeout(300)
class WebhookTest {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final String BODY = "{\"model\":\"wan2.7-image-pro\",\"prompt\":\"x\"}";

  @TempDir private Path home;
  private final StandInUpstream upstream = new StandInUpstream();
  private final StandInUpstream receiver = new StandInUpstream();
  private final WebhookSecret secret = WebhookSecret.generate(new SecureRandom());

  @AfterEach
  void stop() {
    upstream.close();
    receiver.close();
  }

  private MoongateHarness moongate() {
    return MoongateHarness.before(home, upstream.uri(), Mode.ASYNC);
  }

  private void register(MoongateHarness moongate) throws IOException {
    String key = moongate.rows("SELECT id FROM api_key").getFirst();
    try (HomeDatabase database = moongate.database()) {
      database
          .webhooks()
          .register(key, new Webhook(URI.create(receiver.url("/hook-path-token")), secret), "test");
    }
  }

  private static String state(MoongateHarness moongate) {
    return String.join(",", moongate.rows("SELECT state FROM webhook_delivery"));
  }

  @Test
  void aSuccessIsToldToItsKeysWebhook() throws Exception {
    delivering(upstream, png(10, 10, 1));
    receiver.respond("/hook-path-token", json(200, "{}"));
    try (MoongateHarness moongate = moongate()) {
      register(moongate);
      Answer made = moongate.generate(BODY);
      assertThat(made.status()).isEqualTo(200);

      Received request = receiver.take();
      assertSigned(request, secret.text());
      JsonNode event = MAPPER.readTree(request.body());
      assertThat(event.propertyNames()).containsExactly("type", "timestamp", "data");
      assertThat(event.path("type").stringValue()).isEqualTo("image.generation.succeeded");
      JsonNode data = event.path("data");
      String id = made.header("x-moongate-generation");
      assertThat(data.path("id").stringValue()).isEqualTo(id);
      assertThat(data.path("object").stringValue()).isEqualTo("image.generation");
      assertThat(data.path("status").stringValue()).isEqualTo("succeeded");
      assertThat(data.path("model").stringValue()).isEqualTo("wan2.7-image-pro");
      assertThat(data.path("created").longValue())
          .isEqualTo(made.json().path("created").longValue())
          .isEqualTo(Instant.parse(event.path("timestamp").stringValue()).getEpochSecond());
      assertThat(data.has("error")).isFalse();
      assertThat(moongate.get(URI.create(data.at("/data/0/url").stringValue()).toString()).status())
          .isEqualTo(200);
      assertThat(request.header("webhook-id")).isEqualTo(id.replace("gen_", "msg_"));
      Await.until("it is delivered", () -> state(moongate).equals("DELIVERED"));
    }
  }

  @Test
  void aFailureIsToldWithItsReason() throws Exception {
    upstream.respond(ASYNC, json(400, error("DataInspectionFailed", "no")));
    receiver.respond("/hook-path-token", json(200, "{}"));
    try (MoongateHarness moongate = moongate()) {
      register(moongate);
      Answer refused = moongate.generate(BODY);
      assertThat(refused.status()).isEqualTo(400);

      JsonNode event = MAPPER.readTree(receiver.take().body());
      assertThat(event.path("type").stringValue()).isEqualTo("image.generation.failed");
      assertThat(event.at("/data/status").stringValue()).isEqualTo("failed");
      assertThat(event.at("/data/error/code").stringValue())
          .isEqualTo(refused.json().at("/error/code").stringValue());
      assertThat(event.at("/data/error/message").stringValue())
          .isEqualTo(refused.json().at("/error/message").stringValue());
    }
  }

  @Test
  void aKeyWithoutAWebhookIsNotTold() {
    delivering(upstream, png(10, 10, 1));
    try (MoongateHarness moongate = moongate()) {
      assertThat(moongate.generate(BODY).status()).isEqualTo(200);
      assertThat(moongate.rows("SELECT id FROM webhook_delivery")).isEmpty();
    }
  }

  @Test
  void whatWasUnderWayWhenTheGatewayStoppedIsSentAgainAtItsNextStart() throws Exception {
    delivering(upstream, png(10, 10, 1));
    receiver.respond("/hook-path-token", silence(), json(200, "{}"));
    Received first;
    try (MoongateHarness moongate = moongate()) {
      register(moongate);
      moongate.generate(BODY);
      first = receiver.take();
      assertThat(state(moongate)).isEqualTo("PENDING");
    }
    try (MoongateHarness moongate = moongate()) {
      Received second = receiver.take();
      assertThat(second.header("webhook-id")).isEqualTo(first.header("webhook-id"));
      assertThat(MAPPER.readTree(second.body()).at("/data/id"))
          .isEqualTo(MAPPER.readTree(first.body()).at("/data/id"));
      Await.until("it is delivered", () -> state(moongate).equals("DELIVERED"));
      assertThat(receiver.received()).hasSize(2);
    }
  }

  @Test
  void neitherTheSecretNorThePathReachesTheLog() throws Exception {
    delivering(upstream, png(10, 10, 1));
    receiver.respond("/hook-path-token", json(500, "{}"));
    Log log = Log.ofTheGatewayInFull();
    try (log;
        MoongateHarness moongate = moongate()) {
      register(moongate);
      moongate.generate(BODY);
      Await.until(
          "the failure is written",
          () -> moongate.rows("SELECT last_status FROM webhook_delivery").equals(List.of("500")));
    }
    assertThat(log.text())
        .contains("webhook msg_")
        .doesNotContain(secret.text(), "hook-path-token");
  }
}
