package dev.moongate.api;

import static dev.moongate.testing.DashScopeScripts.delivering;
import static dev.moongate.testing.DashScopeScripts.png;
import static org.assertj.core.api.Assertions.assertThat;

import dev.moongate.provider.ImageProvider.Mode;
import dev.moongate.testing.HttpSettingsBuilder;
import dev.moongate.testing.MoongateHarness;
import dev.moongate.testing.RawClient;
import dev.moongate.testing.StandInUpstream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a browser lets a page do: read off the headers of the answers, as the fetch standard reads
 * them. Over raw sockets, because java.net.http sends no Origin.
 */
@Timeout(300)
class CrossOriginTest {
  private static final String APP = "https://app.example.com";
  private static final String ALLOW_ORIGIN = "access-control-allow-origin";

  /** What scripts may read of an answer without being let. */
  private static final Set<String> SAFE =
      Set.of("cache-control", "content-language", "content-length", "content-type", "expires");

  @TempDir private Path home;
  private StandInUpstream upstream;
  private MoongateHarness moongate;

  @BeforeEach
  void open() {
    upstream = delivering(new StandInUpstream(), png(10, 10, 1));
  }

  @AfterEach
  void close() {
    if (moongate != null) {
      moongate.close();
    }
    upstream.close();
  }

  @Test
  void byDefaultNoPageOfAnotherOriginMayCall() throws IOException {
    start();
    Answer preflight = preflight("/v1/images/generations", APP, "POST", "authorization");
    assertThat(preflight.status()).isEqualTo(405);
    Answer models = get("/v1/models", "Origin: " + APP, bearer());
    assertThat(models.status()).isEqualTo(200);
    assertThat(List.of(preflight, models))
        .allSatisfy(answer ->
            assertThat(answer.headers().keySet())
                .noneMatch(name -> name.startsWith("access-control-") || name.equals("vary")));
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/images/generations, POST",
    "/v1/images/generations/gen_1, DELETE",
    "/v1/models, GET",
    "/images/img_1.png, GET",
    "/nowhere, POST"
  })
  void preflightNeedsNoKeyAndLetsTheRequestPass(String path, String method) throws IOException {
    start(APP, "http://localhost:3000");
    Answer answer =
        preflight(
            path,
            APP,
            method,
            "authorization,content-type,idempotency-key,prefer,api-key,x-stainless-retry-count");
    assertThat(answer.status()).isEqualTo(204);
    assertThat(answer.header(ALLOW_ORIGIN)).isEqualTo(APP);
    assertThat(answer.list("access-control-allow-methods"))
        .contains(method.toLowerCase(Locale.ROOT));
    assertThat(answer.list("access-control-allow-headers"))
        .contains(
            "authorization",
            "content-type",
            "idempotency-key",
            "prefer",
            "api-key",
            "x-stainless-retry-count",
            "*");
    assertThat(answer.header("access-control-max-age")).isEqualTo("600");
    assertThat(answer.header("vary")).isEqualTo("Origin");
    assertThat(answer.header("x-request-id")).startsWith("req_");
    assertThat(answer.headers()).doesNotContainKey("access-control-allow-credentials");
  }

  @Test
  void answersErrorsAndPicturesAreReadableForThePage() throws IOException {
    start(APP);
    String body = "{\"model\":\"wan2.7-image\",\"prompt\":\"x\"}";
    Answer made = post(body, "Prefer: wait=60", "Idempotency-Key: once");
    assertThat(made.status()).isEqualTo(200);
    Answer replayed = post(body, "Prefer: wait=60", "Idempotency-Key: once");
    assertThat(replayed.headers()).containsKey("idempotent-replayed");
    Answer begun = post(body, "Prefer: respond-async");
    assertThat(begun.status()).isEqualTo(202);
    assertThat(begun.headers()).containsKey("location");
    String link =
        made.body()
            .replaceAll("(?s).*?\"url\":\"http://localhost(:\\d+)?([^\"]*)\".*", "$2")
            .strip();
    Answer picture = get(link, "Origin: " + APP, "Range: bytes=0-9");
    assertThat(picture.status()).isEqualTo(206);
    Answer wrongValue = post("{\"model\":\"wan2.7-image\",\"prompt\":\"x\",\"n\":9}");
    assertThat(wrongValue.status()).isEqualTo(400);
    Answer noKey = get("/v1/models", "Origin: " + APP);
    assertThat(noKey.status()).isEqualTo(401);
    Answer notFound = get("/models", "Origin: " + APP);
    assertThat(notFound.status()).isEqualTo(404);
    Answer wrongMethod = send("PUT /v1/models HTTP/1.1", "Origin: " + APP);
    assertThat(wrongMethod.status()).isEqualTo(405);
    for (Answer answer :
        List.of(made, replayed, begun, picture, wrongValue, noKey, notFound, wrongMethod)) {
      assertThat(answer.header(ALLOW_ORIGIN)).as(answer.toString()).isEqualTo(APP);
      assertThat(answer.header("vary")).isEqualTo("Origin");
      assertThat(answer.list("access-control-expose-headers"))
          .as(answer.toString())
          .containsAll(answer.told());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://app.example.com.evil.example",
        "https://appxexample.com",
        "http://app.example.com",
        "https://app.example.com:8443",
        "null"
      })
  void originThatIsNotNamedIsNotLetIn(String origin) throws IOException {
    start(APP);
    assertThat(preflight("/v1/models", origin, "GET", "authorization").headers())
        .doesNotContainKey(ALLOW_ORIGIN);
    Answer answer = get("/v1/models", "Origin: " + origin, bearer());
    assertThat(answer.headers()).doesNotContainKey(ALLOW_ORIGIN);
    assertThat(answer.header("vary")).isEqualTo("Origin");
  }

  @Test
  void starLetsEveryOriginIn() throws IOException {
    start("*");
    assertThat(get("/v1/models", "Origin: null", bearer()).header(ALLOW_ORIGIN)).isEqualTo("null");
    assertThat(preflight("/v1/models", APP, "GET", "authorization").status()).isEqualTo(204);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/admin/v1/keys", "/admin/v1/generations", "/metrics"})
  void whatIsForAdminsIsForNoPage(String path) throws IOException {
    start("*");
    for (Answer answer :
        List.of(
            preflight(path, APP, "GET", "authorization"), get(path, "Origin: " + APP, bearer()))) {
      assertThat(answer.headers().keySet()).noneMatch(name -> name.startsWith("access-control-"));
    }
    assertThat(preflight(path, APP, "GET", "authorization").status()).isEqualTo(405);
  }

  private void start(String... origins) {
    moongate =
        MoongateHarness.start(
            home,
            List.of(MoongateHarness.account(upstream.uri(), Mode.ASYNC)),
            new HttpSettingsBuilder().origins(origins).build());
  }

  private String bearer() {
    return "Authorization: Bearer " + moongate.key().text();
  }

  private Answer preflight(String path, String origin, String method, String headers)
      throws IOException {
    return send(
        "OPTIONS " + path + " HTTP/1.1",
        "Origin: " + origin,
        "Access-Control-Request-Method: " + method,
        "Access-Control-Request-Headers: " + headers);
  }

  private Answer get(String path, String... headers) throws IOException {
    return send("GET " + path + " HTTP/1.1", headers);
  }

  private Answer post(String body, String... more) throws IOException {
    List<String> lines =
        new ArrayList<>(
            List.of(
                "Origin: " + APP,
                bearer(),
                "Content-Type: application/json",
                "Content-Length: " + body.length()));
    lines.addAll(Arrays.asList(more));
    return exchange("POST /v1/images/generations HTTP/1.1", lines, body);
  }

  private Answer send(String first, String... headers) throws IOException {
    return exchange(first, Arrays.asList(headers), "");
  }

  private Answer exchange(String first, List<String> headers, String body) throws IOException {
    try (RawClient client = new RawClient(moongate.port()).reading()) {
      client.send(
          (first
                  + "\r\nHost: localhost\r\nConnection: close\r\n"
                  + String.join("\r\n", headers)
                  + "\r\n\r\n"
                  + body)
              .getBytes(java.nio.charset.StandardCharsets.US_ASCII));
      return Answer.of(client.whole());
    }
  }

  /** An answer with its headers in lower case. */
  private record Answer(int status, Map<String, String> headers, String body) {
    static Answer of(String text) {
      String[] parts = text.split("\r\n\r\n", 2);
      String[] lines = parts[0].split("\r\n", -1);
      Map<String, String> headers = new TreeMap<>();
      for (int i = 1; i < lines.length; i++) {
        String[] header = lines[i].split(": ?", 2);
        assertThat(headers.put(header[0].toLowerCase(Locale.ROOT), header[1]))
            .as("a second " + header[0])
            .isNull();
      }
      return new Answer(Integer.parseInt(lines[0].split(" ", 3)[1]), headers, parts[1]);
    }

    String header(String name) {
      return headers.get(name);
    }

    List<String> list(String name) {
      return Arrays.stream(headers.getOrDefault(name, "").toLowerCase(Locale.ROOT).split(",", -1))
          .map(String::strip)
          .toList();
    }

    /** What the gateway tells in headers and no browser hands out by itself. */
    List<String> told() {
      return headers.keySet().stream()
          .filter(name -> !SAFE.contains(name) && !name.startsWith("access-control-"))
          .filter(name -> !Set.of("vary", "date", "connection").contains(name))
          .filter(
              name -> !Set.of("content-security-policy", "x-content-type-options").contains(name))
          .toList();
    }
  }
}
