package dev.moongate.webhook;

import static dev.moongate.testing.StandInUpstream.html;
import static dev.moongate.testing.StandInUpstream.json;
import static dev.moongate.testing.StandInUpstream.reset;
import static dev.moongate.testing.StandInUpstream.silence;
import static dev.moongate.testing.WebhookCheck.assertSigned;
import static org.assertj.core.api.Assertions.assertThat;

import dev.moongate.provider.Egress;
import dev.moongate.provider.HttpCalls;
import dev.moongate.testing.Await;
import dev.moongate.testing.DeafPort;
import dev.moongate.testing.SettableClock;
import dev.moongate.testing.StandInUpstream;
import dev.moongate.testing.StandInUpstream.Received;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class WebhookSenderTest {
  private static final Duration HOUR = Duration.ofHours(1);

  private final SettableClock clock = new SettableClock();
  private final Instant start = clock.instant();
  private final WebhookSecret secret = WebhookSecret.generate(new SecureRandom());
  private final StandInUpstream receiver = new StandInUpstream();
  private final HttpCalls calls = new HttpCalls(Egress.DIRECT);

  @TempDir private Path home;
  private EndedGenerations ended;
  private WebhookSender sender;

  @BeforeEach
  void open() {
    ended = new EndedGenerations(home, clock);
    sender = sender(true);
  }

  @AfterEach
  void close() {
    receiver.close();
    sender.close();
    calls.close();
    ended.close();
  }

  private WebhookSender sender(boolean allowPrivate) {
    return new WebhookSender(
        ended.webhooks(),
        ended::find,
        generation -> "{\"id\":\"" + generation.id() + "\"}",
        calls,
        clock,
        () -> 0,
        new WebhookSettings(allowPrivate));
  }

  private void key(String id, String url) {
    ended.key(id);
    ended.webhooks().register(id, new Webhook(URI.create(url), secret), "test");
  }

  private void awaitRow(String id, String row) {
    Await.until(id + " is " + row, () -> ended.row(id).equals(row));
  }

  private void at(Duration sinceTheEnd) {
    clock.set(start.plus(sinceTheEnd));
    sender.wake();
  }

  @Test
  void anEventIsSignedSoThatItsReceiverKnowsItsSender() throws Exception {
    receiver.respond("/hook", json(204, ""));
    key("key_1", receiver.url("/hook?token=t"));
    ended.end("gen_1", "key_1");
    sender.start();

    Received request = receiver.take();
    assertThat(request.target()).isEqualTo("/hook?token=t");
    assertThat(request.bodyText()).isEqualTo("{\"id\":\"gen_1\"}");
    assertThat(request.header("webhook-id")).isEqualTo("msg_1");
    assertThat(request.header("webhook-timestamp"))
        .isEqualTo(Long.toString(start.getEpochSecond()));
    assertSigned(request, secret.text());
    awaitRow("msg_1", "DELIVERED 1 204 null");
  }

  @Test
  void anErrorIsRetriedUnderTheSameIdWithANewSignature() throws Exception {
    receiver.respond("/hook", html(500), json(200, "{}"));
    key("key_1", receiver.url("/hook"));
    ended.end("gen_1", "key_1");
    sender.start();
    Received first = receiver.take();
    awaitRow("msg_1", "PENDING 1 500 status 500");
    assertThat(ended.webhooks().nextDueAt(Set.of(), Set.of())).contains(start.plusSeconds(5));

    at(Duration.ofSeconds(5));
    Received second = receiver.take();
    assertThat(second.header("webhook-id")).isEqualTo(first.header("webhook-id"));
    assertThat(second.header("webhook-timestamp"))
        .isEqualTo(Long.toString(start.getEpochSecond() + 5));
    assertThat(second.header("webhook-signature")).isNotEqualTo(first.header("webhook-signature"));
    assertSigned(second, secret.text());
    awaitRow("msg_1", "DELIVERED 2 200 null");
  }

  @Test
  void aRefusedConnectionAndAResetAreRetried() throws Exception {
    try (DeafPort gone = new DeafPort()) {
      key("key_1", gone.uri() + "/hook");
      ended.end("gen_1", "key_1");
      sender.start();
      awaitRow("msg_1", "PENDING 1 null no answer: refused");
    }

    receiver.respond("/hook", reset(), json(200, "{}"));
    ended
        .webhooks()
        .register("key_1", new Webhook(URI.create(receiver.url("/hook")), secret), "test");
    at(Duration.ofSeconds(5));
    receiver.take();
    Await.until("the reset is written", () -> ended.row("msg_1").startsWith("PENDING 2 null"));
    at(Duration.ofMinutes(6));
    awaitRow("msg_1", "DELIVERED 3 200 null");
  }

  @Test
  void retriesGrowRareAndEndAfter24Hours() throws Exception {
    receiver.respond("/hook", html(503));
    key("key_1", receiver.url("/hook"));
    ended.end("gen_1", "key_1");
    sender.start();
    List<Duration> attempts = new ArrayList<>();
    for (int attempt = 1; ended.row("msg_1").startsWith("PENDING"); attempt++) {
      long seconds = Long.parseLong(receiver.take().header("webhook-timestamp"));
      attempts.add(Duration.ofSeconds(seconds - start.getEpochSecond()));
      int count = attempt;
      Await.until("it is written", () -> ended.row("msg_1").contains(" " + count + " 503"));
      ended
          .webhooks()
          .nextDueAt(Set.of(), Set.of())
          .ifPresent(due -> at(Duration.between(start, due)));
    }
    assertThat(attempts)
        .containsExactly(
            Duration.ZERO,
            Duration.ofSeconds(5),
            Duration.ofSeconds(305),
            Duration.ofSeconds(305).plusMinutes(30),
            HOUR.multipliedBy(2).plusSeconds(2_105),
            HOUR.multipliedBy(7).plusSeconds(2_105),
            HOUR.multipliedBy(17).plusSeconds(2_105),
            HOUR.multipliedBy(24));
    assertThat(ended.row("msg_1")).isEqualTo("GIVEN_UP 8 503 status 503");
  }

  @Test
  void goneMeansNeverAgain() throws Exception {
    receiver.respond("/hook", html(410));
    key("key_1", receiver.url("/hook"));
    ended.end("gen_1", "key_1");
    sender.start();
    receiver.take();
    awaitRow("msg_1", "GIVEN_UP 1 410 status 410");
  }

  @Test
  void aRedirectIsNotFollowed() throws Exception {
    receiver.respond("/hook", json(307, Map.of("Location", "/there"), ""));
    key("key_1", receiver.url("/hook"));
    ended.end("gen_1", "key_1");
    sender.start();
    awaitRow("msg_1", "PENDING 1 307 status 307");
    assertThat(receiver.received("/there")).isEmpty();
  }

  @Test
  void anEndlessAnswerIsNotReadToItsEnd() {
    receiver.respond(
        "/hook",
        (_, reply) -> {
          reply.raw("HTTP/1.1 200 X\r\nContent-Length: 1000000000\r\n\r\n");
          reply.raw(new byte[8 * 1024]);
          reply.hang();
        });
    key("key_1", receiver.url("/hook"));
    ended.end("gen_1", "key_1");
    sender.start();
    awaitRow("msg_1", "DELIVERED 1 200 null");
  }

  @Test
  void addressesOfTheInsideAreNotConnectedTo() {
    sender.close();
    sender = sender(false);
    key("key_1", "https://127.0.0.1:" + receiver.port() + "/hook");
    key("key_2", receiver.url("/hook"));
    ended.end("gen_1", "key_1");
    ended.end("gen_2", "key_2");
    sender.start();
    Await.until("both were tried", () -> ended.row("msg_2").startsWith("PENDING 1 null"));
    Await.until("both were tried", () -> ended.row("msg_1").startsWith("PENDING 1 null"));
    assertThat(ended.row("msg_1")).contains("which is not public");
    assertThat(ended.row("msg_2")).contains("must begin with https://");
    assertThat(receiver.connections()).isZero();
  }

  @Test
  void aReceiverThatHangsHoldsBackNobodyElse() {
    receiver.respond("/hanging", silence());
    receiver.respond("/well", json(200, "{}"));
    key("key_1", receiver.url("/hanging"));
    key("key_2", receiver.url("/well"));
    for (int i = 1; i <= 6; i++) {
      ended.end("gen_" + i, "key_1");
    }
    ended.end("gen_7", "key_2");
    sender.start();
    awaitRow("msg_7", "DELIVERED 1 200 null");
    Await.until("four hang", () -> receiver.received("/hanging").size() == 4);
    ended.end("gen_8", "key_2");
    sender.wake();
    awaitRow("msg_8", "DELIVERED 1 200 null");
    assertThat(receiver.received("/hanging")).hasSize(4);
  }

  @Test
  void silenceEndsTheAttempt() {
    receiver.respond("/hook", silence());
    key("key_1", receiver.url("/hook"));
    ended.end("gen_1", "key_1");
    Courier hasty = new Courier(calls, new WebhookSettings(true), Duration.ofMillis(200));
    WebhookDelivery delivery = ended.webhooks().nextDue(start, Set.of(), Set.of()).orElseThrow();
    assertThat(hasty.bring(delivery, "{}", start))
        .isEqualTo(new Courier.Outcome(null, "no answer: timed out"));
  }
}
