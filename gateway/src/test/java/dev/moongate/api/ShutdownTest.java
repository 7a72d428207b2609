package dev.moongate.api;

import static dev.moongate.testing.DashScopeScripts.ASYNC;
import static dev.moongate.testing.DashScopeScripts.accepted;
import static dev.moongate.testing.DashScopeScripts.delivering;
import static dev.moongate.testing.DashScopeScripts.png;
import static dev.moongate.testing.StandInUpstream.silence;
import static org.assertj.core.api.Assertions.assertThat;

import dev.moongate.provider.ImageProvider.Mode;
import dev.moongate.settings.MoongateSettings.AccountSettings;
import dev.moongate.testing.Await;
import dev.moongate.testing.MoongateHarness;
import dev.moongate.testing.MoongateHarness.Answer;
import dev.moongate.testing.RawClient;
import dev.moongate.testing.StandInUpstream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The end of the gateway is quick, and everybody is told. */
@Timeout(300)
class ShutdownTest {
  private static final String BODY = "{\"model\":\"wan2.7-image-pro\",\"prompt\":\"x\"}";

  @TempDir private Path home;
  private final StandInUpstream upstream = new StandInUpstream();
  private MoongateHarness moongate;

  @BeforeEach
  void start() {
    AccountSettings usual = MoongateHarness.account(upstream.uri(), Mode.ASYNC);
    // So patient that whoever waits for the provider is told from whoever is merely slow.
    AccountSettings patient =
        new AccountSettings(
            usual.name(),
            usual.provider(),
            usual.baseUrl(),
            usual.keys(),
            usual.mode(),
            usual.limits(),
            usual.imageHosts(),
            usual.costs(),
            Duration.ofMinutes(10));
    moongate = MoongateHarness.start(home, List.of(patient), MoongateHarness.settings());
  }

  @AfterEach
  void stop() {
    moongate.close();
    upstream.close();
  }

  /** A form, and what administrators send, too. */
  @ParameterizedTest
  @CsvSource({
    "/v1/images/edits, multipart/form-data; boundary=b",
    "/admin/v1/keys, application/json",
    "/admin/v1/reconciliation?account=beijing, text/csv"
  })
  void whoSendsABodyIsToldInsteadOfBeingWaitedFor(String path, String type) throws IOException {
    try (RawClient uploader = new RawClient(moongate.port()).reading()) {
      uploader.head(
          "POST %s HTTP/1.1|Host: x|Authorization: Bearer %s|Content-Type: %s|Content-Length: 90000|Expect: 100-continue"
              .formatted(path, moongate.key().text(), type));
      Await.until("its body is waited for", () -> uploader.soFar().contains(" 100 "));
      moongate.close();
      assertThat(uploader.whole()).contains("HTTP/1.1 503 ", "\"code\":\"shutting_down\"");
    }
  }

  @Test
  void endsSoonWhateverClientsAndTheProviderDo() throws IOException {
    delivering(upstream, png(2000, 2000, 1));
    upstream.respond(ASYNC, accepted(), silence());
    URI link = URI.create(moongate.generate(BODY).json().at("/data/0/url").stringValue());
    CompletableFuture<Answer> waiting =
        CompletableFuture.supplyAsync(() -> moongate.generate(BODY));
    Await.until("its submit hangs", () -> upstream.received(ASYNC).size() == 2);
    try (RawClient slowReader = new RawClient(moongate.port());
        RawClient uploader = new RawClient(moongate.port()).reading()) {
      slowReader.head("GET %s?%s HTTP/1.1|Host: x".formatted(link.getPath(), link.getRawQuery()));
      uploader.head(
          "POST /v1/images/generations HTTP/1.1|Host: x|Authorization: Bearer %s|Content-Type: application/json|Content-Length: 9000000|Expect: 100-continue"
              .formatted(moongate.key().text()));
      Await.until("its body is waited for", () -> uploader.soFar().contains(" 100 "));
      CompletableFuture<Void> dripping = uploader.drip(64);
      long begin = System.nanoTime();
      moongate.close();
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofMinutes(1));
      assertThat(uploader.whole()).contains("HTTP/1.1 503 ", "\"code\":\"shutting_down\"");
      dripping.join();
    }
    assertThat(waiting.join().error()).isEqualTo("503 shutting_down");
    assertThat(waiting.join().header("x-moongate-generation")).startsWith("gen_");
  }

  @Test
  void submitThatIsAnsweredWhileTheGatewayStopsIsOnDiskAfterwards() {
    CompletableFuture<Void> stopping = new CompletableFuture<>();
    upstream.respond(
        ASYNC,
        (request, reply) -> {
          stopping.get();
          accepted().handle(request, reply);
        });
    CompletableFuture<Answer> waiting =
        CompletableFuture.supplyAsync(() -> moongate.generate(BODY));
    Await.until("it is submitted", () -> upstream.received(ASYNC).size() == 1);
    CompletableFuture<Void> closed = CompletableFuture.runAsync(moongate::close);
    assertThat(waiting.join().error()).isEqualTo("503 shutting_down");
    stopping.complete(null);
    closed.join();
    assertThat(moongate.rows("SELECT state, task FROM generation"))
        .containsExactly("SUBMITTED|task-1");
  }
}
