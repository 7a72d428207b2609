package dev.moongate.api;

import static dev.moongate.testing.DashScopeScripts.delivering;
import static dev.moongate.testing.DashScopeScripts.png;
import static org.assertj.core.api.Assertions.assertThat;

import dev.moongate.Main;
import dev.moongate.auth.Key;
import dev.moongate.testing.Form;
import dev.moongate.testing.Pictures;
import dev.moongate.testing.StandInUpstream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A gateway of its own process with a heap of 64 MB, which ends when it runs out of it. */
@Timeout(300)
class SmallHeapTest {
  private static final String BODY =
      "{\"model\":\"wan2.7-image-pro\",\"prompt\":\"x\",\"response_format\":\"b64_json\"}";
  private static final int AT_ONCE = 20;

  @TempDir private Path home;
  private final StandInUpstream upstream = new StandInUpstream();
  private final Key key = Key.generate(new SecureRandom());
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private Process gateway;
  private URI base;

  @BeforeEach
  void start() throws IOException {
    launch(
        Map.of(
            "DASHSCOPE_API_KEY", "sk-upstream", "DASHSCOPE_BASE_URL", upstream.uri().toString()));
  }

  private void launch(Map<String, String> environment) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-XX:TieredStopAtLevel=1",
            "-XX:+ExitOnOutOfMemoryError",
            "-Xmx64m",
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName(),
            "serve",
            "--port",
            "0",
            "--home",
            home.resolve("data").toString());
    builder.environment().put("MOONGATE_API_KEY", key.text());
    builder.environment().putAll(environment);
    gateway = builder.redirectErrorStream(true).start();
    BufferedReader output = gateway.inputReader();
    Matcher address = Pattern.compile("Moongate (http://[0-9.:]+) .*").matcher("");
    while (!address.matches()) {
      String line = output.readLine();
      assertThat(line).as("it says where it is").isNotNull();
      address.reset(line.strip());
    }
    base = URI.create(address.group(1));
    Thread.startVirtualThread(() -> output.lines().forEach(line -> {}));
  }

  @AfterEach
  void stop() throws InterruptedException {
    gateway.destroyForcibly().waitFor();
  }

  @AfterEach
  void close() {
    client.close();
    upstream.close();
  }

  @Test
  void twentyAnswersWithALargePictureAsBase64AreReadAtOnce() throws Exception {
    byte[] picture = png(1810, 1810, 1);
    assertThat(picture.length).isGreaterThan(9_800_000);
    delivering(upstream, picture);
    List<Long> lengths =
        atOnce(_ -> HttpRequest.BodyPublishers.ofString(BODY), "Idempotency-Key", "once");
    assertThat(lengths)
        .hasSize(AT_ONCE)
        .allSatisfy(length -> assertThat(length).isGreaterThan(picture.length * 4L / 3));
    assertAlive();
  }

  @Test
  void twentyStreamsOfA4kPictureAreReadAtOnce() throws Exception {
    byte[] picture = Pictures.noise(4096, 4096, 1400);
    assertThat(picture.length).isGreaterThan(15_000_000);
    delivering(upstream, picture);
    String stream = BODY.replace("{", "{\"stream\":true,");
    List<Long> lengths =
        atOnce(_ -> HttpRequest.BodyPublishers.ofString(stream), "Idempotency-Key", "once");
    assertThat(lengths)
        .hasSize(AT_ONCE)
        .allSatisfy(length -> assertThat(length).isGreaterThan(picture.length * 4L / 3));
    assertAlive();
  }

  @Test
  void largeBodiesOfTextAreRefusedBeforeTheyFillTheHeap() throws Exception {
    String text = "\"" + "x".repeat(1_900_000) + "\",";
    byte[] body =
        ("{\"a\":[" + text.repeat(15) + "1]}").getBytes(java.nio.charset.StandardCharsets.UTF_8);
    List<CompletableFuture<Long>> answers =
        begun(_ -> HttpRequest.BodyPublishers.ofByteArray(body), "X-Test", "1");
    // Of a refused body no more is taken than comes in two seconds: some may break off.
    assertThat(answers.stream().map(answer -> answer.exceptionally(_ -> 0L).join()))
        .allSatisfy(length -> assertThat(length).isLessThan(1_000))
        .anySatisfy(length -> assertThat(length).isPositive());
    assertAlive();
  }

  @Test
  void formWithNineLargePicturesGoesToTheSandboxInTheSameHeap() throws Exception {
    stop();
    launch(Map.of());
    byte[] picture = Pictures.noise(2_600, 2_600);
    assertThat(picture.length).isBetween(19 << 20, 20 << 20);
    Path form = home.resolve("form");
    try (OutputStream out = Files.newOutputStream(form)) {
      out.write(Form.edit().text("size", "1K").unended());
      for (int i = 0; i < 8; i++) {
        out.write(new Form().picture(picture).unended());
      }
      out.write(new Form().picture(picture).bytes());
    }
    HttpRequest.Builder request =
        HttpRequest.newBuilder(base.resolve("/v1/images/edits?dry_run=true"))
            .timeout(Duration.ofMinutes(4))
            .header("Authorization", "Bearer " + key.text())
            .header("Content-Type", Form.CONTENT_TYPE)
            .POST(HttpRequest.BodyPublishers.ofFile(form));
    List<CompletableFuture<Integer>> answers = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      answers.add(
          client
              .sendAsync(request.build(), HttpResponse.BodyHandlers.discarding())
              .thenApply(HttpResponse::statusCode));
    }
    assertThat(answers.stream().map(CompletableFuture::join)).containsOnly(200);
    HttpResponse<String> made =
        client.send(
            request.copy().uri(base.resolve("/v1/images/edits")).build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(made.statusCode()).as(made.body()).isEqualTo(200);
    assertAlive();
  }

  private void assertAlive() throws Exception {
    HttpRequest ready = HttpRequest.newBuilder(base.resolve("/readyz")).build();
    assertThat(client.send(ready, HttpResponse.BodyHandlers.discarding()).statusCode())
        .isEqualTo(200);
    assertThat(gateway.isAlive()).isTrue();
  }

  /** Many requests side by side; answers how long each answer was. */
  private List<Long> atOnce(IntFunction<HttpRequest.BodyPublisher> bodies, String... header) {
    return begun(bodies, header).stream().map(CompletableFuture::join).toList();
  }

  private List<CompletableFuture<Long>> begun(
      IntFunction<HttpRequest.BodyPublisher> bodies, String... header) {
    List<CompletableFuture<Long>> answers = new ArrayList<>();
    IntStream.range(0, AT_ONCE)
        .forEach(i -> {
          HttpRequest request =
              HttpRequest.newBuilder(base.resolve("/v1/images/generations"))
                  .timeout(Duration.ofMinutes(4))
                  .header("Authorization", "Bearer " + key.text())
                  .header("Content-Type", "application/json")
                  .headers(header)
                  .POST(bodies.apply(i))
                  .build();
          answers.add(
              client
                  .sendAsync(request, HttpResponse.BodyHandlers.ofInputStream())
                  .thenApplyAsync(SmallHeapTest::length, Thread::startVirtualThread));
        });
    return answers;
  }

  private static long length(HttpResponse<InputStream> response) {
    try (InputStream body = response.body()) {
      return body.transferTo(java.io.OutputStream.nullOutputStream());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
