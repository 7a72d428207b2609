package dev.moongate.provider;

import static dev.moongate.testing.StandInUpstream.hangUp;
import static dev.moongate.testing.StandInUpstream.json;
import static dev.moongate.testing.StandInUpstream.reset;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moongate.provider.CallOutcome.Answered;
import dev.moongate.provider.CallOutcome.Broken;
import dev.moongate.testing.StandInUpstream;
import dev.moongate.testing.TestCertificate;
import dev.moongate.testing.TunnelProxy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class HttpCallsTest {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private static StandInUpstream secure;
  private static TestCertificate certificate;

  @BeforeAll
  static void start(@TempDir Path folder) throws Exception {
    certificate = TestCertificate.in(folder);
    secure = new StandInUpstream(certificate.serverSockets(), true);
    secure.respond("/ok", json(200, "{}"));
    secure.respond("/reset", reset());
    secure.respond("/hang-up", hangUp());
    secure.respondAfter("/half", 100_000, reset());
  }

  @AfterAll
  static void stop() {
    secure.close();
  }

  private static HttpCall post(URI base, String path, int length) {
    return new HttpCall(
        "POST",
        base.resolve(path),
        Map.of("Content-Type", "application/json"),
        StreamedBody.of("x".repeat(length)),
        1_000,
        PATIENCE);
  }

  /** The same server under a name that only the proxy knows. */
  private static URI distant() {
    return URI.create("https://upstream.test:" + secure.port());
  }

  private HttpCalls trusting(Egress egress) {
    return new HttpCalls(egress, certificate.trust());
  }

  @Test
  void overTlsAnAnswerComesBackAndTheWholeRequestIsKnownToHaveLeft() {
    try (HttpCalls calls = trusting(Egress.DIRECT)) {
      for (int length : new int[] {1, 100_000, 5_000_000}) {
        assertThat(calls.submit(post(secure.uri(), "/ok", length), () -> true))
            .isInstanceOf(Answered.class)
            .matches(CallOutcome::wholeRequestLeft);
        assertThat(secure.received("/ok").getLast().body()).hasSize(length);
      }
    }
  }

  @RepeatedTest(20) // the two sides of TLS race
  void overTlsABreakAfterTheLastByteIsAfterTheWholeRequest() {
    try (HttpCalls calls = trusting(Egress.DIRECT)) {
      for (String path : List.of("/reset", "/hang-up")) {
        assertThat(calls.submit(post(secure.uri(), path, 300_000), () -> true))
            .isInstanceOf(Broken.class)
            .matches(CallOutcome::wholeRequestLeft);
      }
    }
  }

  @RepeatedTest(5)
  void overTlsABreakInTheMiddleIsBeforeTheWholeRequest() {
    try (HttpCalls calls = trusting(Egress.DIRECT)) {
      assertThat(calls.submit(post(secure.uri(), "/half", 30_000_000), () -> true))
          .isInstanceOf(Broken.class)
          .matches(outcome -> !outcome.wholeRequestLeft());
    }
  }

  @Test
  void whatMayNotBeSentAnyMoreIsNot() {
    try (StandInUpstream plain = new StandInUpstream().respond("/ok", json(200, "{}"));
        HttpCalls calls = trusting(Egress.DIRECT)) {
      secure.respond("/late", json(200, "{}"));
      for (URI base : List.of(plain.uri(), secure.uri())) {
        assertThat(calls.submit(post(base, "/late", 100_000), () -> false))
            .isEqualTo(new Broken("no answer: it came too late to be sent", false));
      }
      assertThat(plain.connections()).isEqualTo(1);
      assertThat(plain.received()).isEmpty();
      assertThat(secure.received("/late")).isEmpty();
    }
  }

  @Test
  void whetherItMayBeSentIsAskedOnceAndWhenTheHandshakeIsOver() throws Exception {
    AtomicBoolean handshaking = new AtomicBoolean();
    AtomicInteger asked = new AtomicInteger();
    try (ServerSocket relay = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        var threads = Executors.newVirtualThreadPerTaskExecutor();
        HttpCalls calls = trusting(Egress.DIRECT)) {
      var _ =
          threads.submit(() -> {
            try (Socket client = relay.accept();
                Socket server = new Socket(InetAddress.getLoopbackAddress(), secure.port())) {
              byte[] hello = new byte[16 * 1024];
              int length = client.getInputStream().read(hello);
              handshaking.set(true);
              server.getOutputStream().write(hello, 0, length);
              Future<Long> back =
                  threads.submit(
                      () -> server.getInputStream().transferTo(client.getOutputStream()));
              client.getInputStream().transferTo(server.getOutputStream());
              return back.get();
            }
          });
      URI through = URI.create("https://localhost:" + relay.getLocalPort());
      assertThat(
              calls.submit(
                  post(through, "/ok", 1_000_000),
                  () -> {
                    asked.incrementAndGet();
                    return handshaking.get();
                  }))
          .isInstanceOf(Answered.class);
      assertThat(asked).hasValue(1);
    }
  }

  @RepeatedTest(20)
  void aCertificateThatIsNotTrustedMeansThatNothingLeft() {
    try (HttpCalls calls = new HttpCalls(Egress.DIRECT, new SslContextFactory.Client())) {
      assertThat(calls.submit(post(secure.uri(), "/ok", 10), () -> true))
          .isInstanceOf(Broken.class)
          .matches(outcome -> !outcome.wholeRequestLeft());
    }
  }

  @Test
  void aCertificateOfAnotherNameMeansThatNothingLeft() {
    try (HttpCalls calls = trusting(Egress.DIRECT)) {
      assertThat(
              calls.submit(
                  post(URI.create("https://127.0.0.1:" + secure.port()), "/ok", 10), () -> true))
          .isInstanceOf(Broken.class)
          .matches(outcome -> !outcome.wholeRequestLeft());
    }
  }

  @Test
  void httpsGoesThroughTheProxyAsATunnelWithoutOurCredentials() throws IOException {
    try (TunnelProxy proxy = new TunnelProxy();
        HttpCalls calls = trusting(new Egress(proxy.uri(), List.of()))) {
      HttpCall call =
          new HttpCall(
              "POST",
              distant().resolve("/ok"),
              Map.of("Authorization", "Bearer secret"),
              StreamedBody.of("x".repeat(200_000)),
              1_000,
              PATIENCE);
      assertThat(calls.submit(call, () -> true))
          .isInstanceOf(Answered.class)
          .matches(CallOutcome::wholeRequestLeft);
      assertThat(calls.ask(call)).isInstanceOf(Answered.class);
      assertThat(proxy.heads())
          .allSatisfy(head ->
              assertThat(head)
                  .startsWith("CONNECT upstream.test:" + secure.port())
                  .doesNotContain("secret"));
      assertThat(calls.submit(post(distant(), "/half", 30_000_000), () -> true).wholeRequestLeft())
          .isFalse();
    }
  }

  @Test
  void aProxyWithCredentialsGetsThemAndTheProviderDoesNot() throws IOException {
    try (TunnelProxy proxy = new TunnelProxy()) {
      URI withUser = URI.create(proxy.uri().toString().replace("//", "//us%3Aer:p%40s+s:@"));
      try (HttpCalls calls = trusting(new Egress(withUser, List.of()))) {
        assertThat(calls.submit(post(distant(), "/ok", 1), () -> true))
            .isInstanceOf(Answered.class);
      }
      String both =
          Base64.getEncoder().encodeToString("us:er:p@s+s:".getBytes(StandardCharsets.US_ASCII));
      assertThat(proxy.heads().getFirst()).contains("Proxy-Authorization: Basic " + both + "\r\n");
      assertThat(secure.received().getLast().header("Proxy-Authorization")).isNull();
    }
  }

  @Test
  void theProxyIsNotForHttpNorForThisMachine() throws IOException {
    try (TunnelProxy proxy = new TunnelProxy();
        StandInUpstream plain = new StandInUpstream().respond("/ok", json(200, "{}"));
        HttpCalls calls = trusting(new Egress(proxy.uri(), List.of()))) {
      assertThat(calls.submit(post(plain.uri(), "/ok", 1), () -> true))
          .isInstanceOf(Answered.class);
      assertThat(calls.submit(post(secure.uri(), "/ok", 1), () -> true))
          .isInstanceOf(Answered.class);
      assertThat(proxy.heads()).isEmpty();
    }
  }

  @Test
  void aProxyThatIsNotThereMeansThatNothingLeft() {
    try (HttpCalls calls = trusting(new Egress(URI.create("http://127.0.0.1:1"), List.of()))) {
      assertThat(calls.submit(post(distant(), "/ok", 10), () -> true))
          .isInstanceOf(Broken.class)
          .matches(outcome -> !outcome.wholeRequestLeft());
    }
  }

  @Test
  void theGuardHoldsInFrontOfTheProxy() throws IOException {
    try (TunnelProxy proxy = new TunnelProxy();
        HttpCalls calls = trusting(new Egress(proxy.uri(), List.of()))) {
      for (String host : List.of("localhost", "10.0.0.1", "upstream.near.test")) {
        URI link = URI.create("https://" + host + ":" + secure.port() + "/ok");
        assertThatThrownBy(() -> calls.download(link, false, PATIENCE, PATIENCE))
            .isInstanceOf(UnknownHostException.class)
            .hasMessageContaining("not public");
      }
      assertThat(proxy.heads()).isEmpty();
    }
  }

  @Test
  void row102ANameThatResolvesInsideIsNotConnectedTo() throws IOException {
    try (StandInUpstream plain = new StandInUpstream().respond("/ok", json(200, "{}"));
        HttpCalls calls = trusting(Egress.DIRECT)) {
      URI byName = URI.create("http://localhost:" + plain.port() + "/ok");
      for (URI link : List.of(byName, plain.uri().resolve("/ok"))) {
        assertThatThrownBy(() -> calls.download(link, false, PATIENCE, PATIENCE))
            .isInstanceOf(UnknownHostException.class)
            .hasMessageContaining("not public");
      }
      assertThat(plain.connections()).isZero();
      try (Download download = calls.download(byName, true, PATIENCE, PATIENCE)) {
        assertThat(download.status()).isEqualTo(200);
      }
    }
  }

  @Test
  void aPostToANameThatResolvesInsideIsNotConnectedTo() throws IOException {
    try (StandInUpstream plain = new StandInUpstream().respond("/ok", json(302, "{}"));
        HttpCalls calls = trusting(Egress.DIRECT)) {
      URI byName = URI.create("http://localhost:" + plain.port());
      for (URI base : List.of(byName, plain.uri())) {
        assertThatThrownBy(() -> calls.post(post(base, "/ok", 3), false))
            .isInstanceOf(UnknownHostException.class)
            .hasMessageContaining("not public");
      }
      assertThat(plain.connections()).isZero();
      try (Download answer = calls.post(post(byName, "/ok", 3), true)) {
        assertThat(answer.status()).isEqualTo(302);
      }
      assertThat(plain.received().getFirst().bodyText()).isEqualTo("xxx");
    }
  }
}
