package dev.moongate.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moongate.Gateway;
import dev.moongate.auth.Key;
import dev.moongate.provider.ImageProvider.Mode;
import dev.moongate.testing.Await;
import dev.moongate.testing.DashScopeScripts;
import dev.moongate.testing.MoongateHarness;
import dev.moongate.testing.MoongateHarness.Answer;
import dev.moongate.testing.StandInUpstream;
import dev.moongate.testing.TaskUpstream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is kept for a while, and not longer, by the gateway's own clock. */
@Timeout(300)
class TimePassesTest {
  private static final String BODY = "{\"model\":\"wan2.7-image-pro\",\"prompt\":\"x\"}";
  private static final String KEY = "Idempotency-Key";
  private static final String COUNT = "X-Stainless-Retry-Count";

  @TempDir private Path home;
  private final TaskUpstream upstream = new TaskUpstream();
  private final Key key = Key.generate(new SecureRandom());
  private MoongateHarness moongate;

  @BeforeEach
  void start() {
    startAfter(Duration.ZERO);
  }

  @AfterEach
  void stop() {
    moongate.close();
    upstream.close();
  }

  private void startAfter(Duration time) {
    moongate =
        MoongateHarness.started(
            home,
            List.of(MoongateHarness.account(upstream.http().uri(), Mode.ASYNC)),
            key,
            settings -> Gateway.start(settings, Clock.offset(Clock.systemUTC(), time)));
  }

  private void letPass(Duration sinceTheBeginning) {
    moongate.close();
    startAfter(sinceTheBeginning);
  }

  private String generated(String... headers) {
    Answer answer =
        headers.length == 0 ? moongate.generate(BODY) : moongate.generate(BODY, headers);
    assertThat(answer.status()).isEqualTo(200);
    return answer.json().path("id").stringValue();
  }

  @Test
  void keyIsReplayedForSevenDaysAndThenForgotten() {
    String first = generated(KEY, "k");
    letPass(Duration.ofDays(7).minusMinutes(5));
    assertThat(generated(KEY, "k")).isEqualTo(first);
    letPass(Duration.ofDays(7).plusMinutes(5));
    assertThat(generated(KEY, "k")).isNotEqualTo(first);
    assertThat(upstream.submits()).isEqualTo(2);
  }

  @Test
  void retryCountJoinsWhatWasAskedForWithinFifteenMinutes() {
    String first = generated(COUNT, "0");
    letPass(Duration.ofMinutes(13));
    assertThat(generated(COUNT, "1")).isEqualTo(first);
    letPass(Duration.ofMinutes(16));
    assertThat(generated(COUNT, "2")).isNotEqualTo(first);
    assertThat(upstream.submits()).isEqualTo(2);
  }

  @Test
  void promptsAndPicturesAreRemovedAfterTheirTimeAndTheLedgerStays() throws IOException {
    String old = generated();
    String link =
        moongate.get("/v1/images/generations/" + old).json().at("/data/0/url").stringValue();
    letPass(Duration.ofDays(2));
    String young = generated();
    letPass(Duration.ofDays(31));
    Await.until(
        "the old one is gone", () -> moongate.get("/v1/images/generations/" + old).status() == 404);
    assertThat(moongate.get("/v1/images/generations/" + young).status()).isEqualTo(200);
    String path = URI.create(link).getRawPath();
    assertThat(moongate.send(HttpRequest.newBuilder(moongate.uri().resolve(path))).status())
        .isIn(403, 404);
    Await.until("its file is gone", () -> pictures() == 1);
    assertThat(moongate.rows("SELECT id FROM generation WHERE request IS NOT NULL"))
        .containsExactly(young);
    assertThat(moongate.rows("SELECT kind FROM ledger WHERE kind = 'CHARGE'")).hasSize(2);
  }

  private long pictures() {
    try (var files = Files.walk(home.resolve("store/images"))) {
      return files.filter(Files::isRegularFile).count();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void pictureThatDoesNotAnswerAtOnceAfterADayIsAskedForAgain() {
    AtomicBoolean aDayLater = new AtomicBoolean();
    AtomicInteger refused = new AtomicInteger();
    byte[] png = DashScopeScripts.png(12, 12, 7);
    upstream
        .http()
        .respond(
            "/picture.png",
            (request, reply) -> {
              boolean comes = aDayLater.get() && refused.incrementAndGet() > 2;
              StandInUpstream.bytes(comes ? 200 : 503, "image/png", png).handle(request, reply);
            });
    moongate.generate(BODY, "Prefer", "respond-async");
    Await.until("it is made", () -> !inState("FETCHING").isEmpty());
    aDayLater.set(true);
    letPass(Duration.ofHours(25));
    Await.until("it has ended", () -> inState("FETCHING").isEmpty());
    assertThat(inState("SUCCEEDED")).hasSize(1);
  }

  private List<String> inState(String state) {
    return moongate.rows("SELECT id FROM generation WHERE state = '" + state + "'");
  }

  @Test
  void inputPictureThatADeathLeftIsJudgedByTheGatewaysClockAndNotByTheFileSystems()
      throws IOException {
    String id = generated();
    Path left = home.resolve("store/inputs/" + id + "-ab");
    Files.createDirectories(left.getParent());
    Files.writeString(left, "left");
    letPass(Duration.ofHours(24));
    generated();
    assertThat(left).exists();
    letPass(Duration.ofHours(25));
    Await.until("it is swept", () -> !Files.exists(left));
  }
}
