package dev.moongate.api;

import static dev.moongate.testing.DashScopeScripts.ASYNC;
import static dev.moongate.testing.DashScopeScripts.TASK;
import static dev.moongate.testing.DashScopeScripts.accepted;
import static dev.moongate.testing.DashScopeScripts.png;
import static dev.moongate.testing.DashScopeScripts.succeeded;
import static dev.moongate.testing.StandInUpstream.bytes;
import static dev.moongate.testing.StandInUpstream.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.moongate.auth.Key;
import dev.moongate.settings.Flags;
import dev.moongate.settings.SettingsReader;
import dev.moongate.testing.Await;
import dev.moongate.testing.Log;
import dev.moongate.testing.MoongateHarness;
import dev.moongate.testing.MoongateHarness.Answer;
import dev.moongate.testing.StandInUpstream;
import dev.moongate.testing.TestCertificate;
import dev.moongate.testing.TunnelProxy;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The whole gateway in a network whose only way out is a proxy. Names under .test lead to the
 * upstream only there; those under near.test do here too.
 */
@Timeout(300)
class EgressProxyTest {
  private static final String BODY = "{\"model\":\"wan2.7-image-pro\",\"prompt\":\"x\"}";
  private static final byte[] PICTURE = png(40, 30, 1);

  private static TestCertificate certificate;

  @TempDir private Path folder;
  private TestCertificate.Trust trust;
  private StandInUpstream upstream;
  private TunnelProxy proxy;

  @BeforeAll
  static void certify(@TempDir Path folder) throws Exception {
    certificate = TestCertificate.in(folder);
  }

  @BeforeEach
  void start() throws Exception {
    trust = certificate.trustEverywhere();
    proxy = new TunnelProxy();
    upstream = new StandInUpstream(certificate.serverSockets(), true);
    upstream.respond(ASYNC, accepted());
    upstream.respond("/a.png", bytes(200, "image/png", PICTURE));
  }

  @AfterEach
  void stop() throws IOException {
    upstream.close();
    proxy.close();
    trust.close();
  }

  @Test
  void submitPollAndPictureGoThroughTheProxyAndNoOtherWay() throws IOException {
    deliver(at("pictures.test") + "/a.png");
    try (MoongateHarness moongate = start("upstream.test", Map.of())) {
      assertDelivered(moongate);
    }
    assertThat(upstream.received())
        .extracting(StandInUpstream.Received::path)
        // The list is asked for the provider's name of the credential, whenever.
        .filteredOn(path -> !path.equals("/api/v1/tasks/"))
        .containsExactly(ASYNC, TASK, "/a.png");
    awaitNoOtherWay();
    List<String> asked = proxy.heads().stream().map(EgressProxyTest::destination).toList();
    assertThat(asked)
        // The submit has a connection of its own, and so may the list have.
        .hasSizeGreaterThanOrEqualTo(3)
        .startsWith(authority("upstream.test"), authority("upstream.test"))
        .containsOnly(authority("upstream.test"), pictures());
  }

  @Test
  void pictureInsideTheHouseIsRefusedBeforeTheProxyHearsOfIt() throws Exception {
    upstream.respond("/moved.png", json(302, Map.of("Location", "https://10.0.0.1/a.png"), ""));
    deliver(
        "https://169.254.169.254/a.png",
        at("127.0.0.1") + "/a.png",
        at("upstream.near.test") + "/a.png",
        at("pictures.test") + "/moved.png");
    try (MoongateHarness moongate = start("upstream.test", Map.of())) {
      Thread waiting = Thread.ofVirtual().start(() -> moongate.generate(withPictures(4)));
      Await.until(
          "the links were tried",
          () ->
              !moongate
                  .rows("SELECT 1 FROM generation WHERE state = 'FETCHING' AND epoch > 4")
                  .isEmpty());
      waiting.interrupt();
      waiting.join();
    }
    assertThat(upstream.received("/moved.png")).isNotEmpty();
    assertThat(upstream.received("/a.png")).isEmpty();
    assertThat(proxy.heads())
        .extracting(EgressProxyTest::destination)
        .containsOnly(authority("upstream.test"), pictures());
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.test, .near.test", "near.test:PORT"})
  void hostOfNoProxyIsReachedDirectly(String noProxy) throws IOException {
    deliver(at("upstream.near.test") + "/a.png");
    String list = noProxy.replace("PORT", "" + upstream.port());
    try (MoongateHarness moongate = start("upstream.near.test", Map.of("NO_PROXY", list))) {
      assertDelivered(moongate);
    }
    assertThat(proxy.heads()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"near.test:1", "127.0.0.0/8"})
  void hostThatNoProxyDoesNotNameIsNot(String noProxy) throws IOException {
    deliver(at("upstream.near.test") + "/a.png");
    try (MoongateHarness moongate = start("upstream.near.test", Map.of("NO_PROXY", noProxy))) {
      assertDelivered(moongate);
    }
    assertThat(proxy.heads()).isNotEmpty();
    awaitNoOtherWay();
  }

  @Test
  void passwordOfTheProxyReachesTheProxyAlone() throws IOException {
    deliver(at("upstream.test") + "/a.png");
    String withPassword = proxy.uri().toString().replace("//", "//moon:p%40ss-word@");
    Log log = Log.ofAll();
    try (log;
        MoongateHarness moongate = start("upstream.test", Map.of("HTTPS_PROXY", withPassword))) {
      assertDelivered(moongate);
    }
    String basic =
        Base64.getEncoder().encodeToString("moon:p@ss-word".getBytes(StandardCharsets.US_ASCII));
    assertThat(proxy.heads())
        .isNotEmpty()
        .allSatisfy(head -> assertThat(head).contains("Proxy-Authorization: Basic " + basic));
    assertThat(upstream.received())
        .allSatisfy(request -> assertThat(request.head()).doesNotContain(basic));
    assertThat(log.text()).doesNotContain("ss-word", basic);
  }

  @Test
  void proxyThatRefusesIsNamedAsTheReasonAndItsPasswordIsNot() throws IOException {
    proxy.answerWith("HTTP/1.1 407 No\r\nProxy-Authenticate: Basic realm=\"x\"\r\n\r\n");
    String withPassword = proxy.uri().toString().replace("//", "//moon:wrong-word@");
    try (Log log = Log.ofAll();
        MoongateHarness moongate = start("upstream.test", Map.of("HTTPS_PROXY", withPassword))) {
      assertThat(moongate.generate(BODY).error()).isEqualTo("502 upstream_unreachable");
      assertThat(log.text()).contains("the proxy answered 407").doesNotContain("wrong-word");
    }
    assertThat(upstream.connections()).isZero();
  }

  @Test
  void sandboxIsReachedWithoutTheProxy() throws IOException {
    try (MoongateHarness moongate = start(Map.of())) {
      assertThat(moongate.generate(BODY).status()).isEqualTo(200);
    }
    assertThat(proxy.heads()).isEmpty();
  }

  private void deliver(String... links) {
    upstream.respond(TASK, json(200, succeeded(List.of(links))));
  }

  /** A gateway that has stopped may have left a connection on its way. */
  private void awaitNoOtherWay() {
    Await.until(
        "every connection came through the proxy",
        () -> upstream.connections() == proxy.heads().size());
  }

  private static void assertDelivered(MoongateHarness moongate) {
    Answer answer = moongate.generate(BODY);
    assertThat(answer.status()).isEqualTo(200);
    String link = answer.json().at("/data/0/url").stringValue();
    assertThat(moongate.send(HttpRequest.newBuilder(URI.create(link))).bytes()).isEqualTo(PICTURE);
  }

  private MoongateHarness start(String host, Map<String, String> environment) throws IOException {
    Path config =
        Files.writeString(
            folder.resolve("moongate.yaml"),
            """
            accounts:
              - name: beijing
                provider: dashscope
                base-url: %s
                api-keys: ["sk-upstream-secret"]
                image-hosts: ["pictures.test"]
            """
                .formatted(at(host)));
    Map<String, String> all = new HashMap<>(Map.of("MOONGATE_CONFIG", config.toString()));
    all.putAll(environment);
    return start(all);
  }

  private MoongateHarness start(Map<String, String> environment) {
    Key key = Key.generate(new SecureRandom());
    Map<String, String> all = new HashMap<>();
    all.put("MOONGATE_API_KEY", key.text());
    all.put("MOONGATE_PORT", "0");
    all.put("HTTPS_PROXY", proxy.uri().toString());
    all.putAll(environment);
    return MoongateHarness.start(
        new SettingsReader(all, folder.resolve("home")).read(Flags.NONE), key);
  }

  private String at(String host) {
    return "https://" + authority(host);
  }

  private String pictures() {
    return authority("pictures.test");
  }

  private String authority(String host) {
    return host + ":" + upstream.port();
  }

  private static String withPictures(int n) {
    return BODY.replace("}", ",\"n\":" + n + "}");
  }

  private static String destination(String head) {
    return head.substring("CONNECT ".length(), head.indexOf(" HTTP/"));
  }
}
