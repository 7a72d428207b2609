package dev.moongate.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moongate.generation.Generation;
import dev.moongate.testing.SettableClock;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class WebhookRowsTest {
  private static final URI URL = URI.create("https://hooks.example.com/a");

  private final SettableClock clock = new SettableClock();
  private final Instant start = clock.instant();
  private final WebhookSecret secret = WebhookSecret.generate(new SecureRandom());

  @TempDir private Path home;
  private EndedGenerations ended;
  private WebhookRows rows;

  @BeforeEach
  void open() {
    ended = new EndedGenerations(home, clock);
    rows = ended.webhooks();
    ended.key("key_1");
    ended.key("key_2");
    ended.key("key_3");
    rows.register("key_1", new Webhook(URL, secret), "test");
    rows.register("key_2", new Webhook(URL, secret), "test");
  }

  @AfterEach
  void close() {
    ended.close();
  }

  private WebhookDelivery next() {
    return rows.nextDue(clock.instant(), Set.of(), Set.of()).orElseThrow();
  }

  private void end(String generation, String key) {
    ended.end(generation, key);
    clock.advance(Duration.ofSeconds(1));
  }

  @Test
  void onlyAKeyWithAWebhookHasEvents() {
    end("gen_1", "key_3");
    assertThat(ended.row("msg_1")).isEmpty();
    end("gen_2", "key_1");
    assertThat(ended.row("msg_2")).isEqualTo("PENDING 0 null null");
    assertThat(rows.urls()).containsOnlyKeys("key_1", "key_2").containsValue(URL);
  }

  @Test
  void aGenerationEndsOnceAndSoDoesItsEvent() {
    ended.end("gen_1", "key_1");
    Generation stale = EndedGenerations.admitted("gen_1", "key_1", start);
    assertThat(ended.end(stale)).isFalse();
    rows.delivered(next(), 200);
    assertThat(rows.nextDue(clock.instant(), Set.of(), Set.of())).isEmpty();
    assertThat(rows.nextDueAt(Set.of(), Set.of())).isEmpty();
  }

  @Test
  void whatIsDueLongestComesFirstWithoutTheExcepted() {
    end("gen_1", "key_1");
    end("gen_2", "key_1");
    end("gen_3", "key_2");
    WebhookDelivery first = next();
    assertThat(first.id()).isEqualTo("msg_1");
    assertThat(first.generationId()).isEqualTo("gen_1");
    assertThat(first.keyId()).isEqualTo("key_1");
    assertThat(first.createdAt()).isEqualTo(start);
    assertThat(first.webhook().url()).isEqualTo(URL);
    assertThat(first.webhook().secret().text()).isEqualTo(secret.text());
    assertThat(rows.nextDue(clock.instant(), Set.of("msg_1"), Set.of()).orElseThrow().id())
        .isEqualTo("msg_2");
    assertThat(rows.nextDue(clock.instant(), Set.of(), Set.of("key_1")).orElseThrow().id())
        .isEqualTo("msg_3");
    assertThat(rows.nextDueAt(Set.of("msg_1", "msg_2"), Set.of())).contains(start.plusSeconds(2));
    assertThat(rows.nextDueAt(Set.of(), Set.of("key_1", "key_2"))).isEmpty();
    assertThat(rows.nextDue(start.minusSeconds(1), Set.of(), Set.of())).isEmpty();
  }

  @Test
  void aFailureIsCountedOnceAndWaits() {
    ended.end("gen_1", "key_1");
    WebhookDelivery seen = next();
    rows.failed(seen, 500, "status 500", start.plusSeconds(5));
    rows.failed(seen, null, "stale", start.plusSeconds(9));
    rows.delivered(seen, 200);
    assertThat(ended.row("msg_1")).isEqualTo("PENDING 1 500 status 500");
    assertThat(rows.nextDue(start.plusSeconds(4), Set.of(), Set.of())).isEmpty();
    WebhookDelivery again = rows.nextDue(start.plusSeconds(5), Set.of(), Set.of()).orElseThrow();
    assertThat(again.attempts()).isEqualTo(1);
    rows.givenUp(again, null, "no answer");
    assertThat(ended.row("msg_1")).isEqualTo("GIVEN_UP 2 null no answer");
    assertThat(rows.nextDueAt(Set.of(), Set.of())).isEmpty();
  }

  @Test
  void whatWaitsForAWebhookThatWasTakenAwayIsGivenUpAndHoldsUpNobody() {
    end("gen_1", "key_1");
    end("gen_2", "key_2");
    rows.unregister("key_1", "test");
    assertThat(ended.row("msg_1")).isEqualTo("GIVEN_UP 0 null the webhook was taken away");
    assertThat(next().id()).isEqualTo("msg_2");
    end("gen_3", "key_1");
    assertThat(ended.row("msg_3")).isEmpty();
    ended.delete("key_2");
    assertThat(ended.row("msg_2")).startsWith("GIVEN_UP 0");
    assertThat(rows.nextDueAt(Set.of(), Set.of())).isEmpty();
    assertThat(rows.urls()).isEmpty();
  }

  @Test
  void neitherSecretNorPathIsShownByAccident() {
    ended.end("gen_1", "key_1");
    assertThat(next().toString()).contains("hooks.example.com").doesNotContain("/a", secret.text());
  }
}
