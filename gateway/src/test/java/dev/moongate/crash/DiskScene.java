package dev.moongate.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moongate.auth.Key;
import dev.moongate.sandbox.Limits;
import dev.moongate.sandbox.Sandbox;
import dev.moongate.sandbox.SandboxSettings;
import dev.moongate.testing.Await;
import dev.moongate.testing.FailingSync;
import dev.moongate.testing.SandboxJournal;
import dev.moongate.testing.SandboxJournal.Submit;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A gateway in a process of its own whose disk fails, the sandbox whose journal is the truth about
 * it, and what its clients were told.
 */
final class DiskScene implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** The floor under which nothing is admitted, taken away. */
  static final long NO_FLOOR = -(1L << 40);

  private final Path home;
  private final Path sandboxHome;
  private final Sandbox sandbox;
  private final Disk disk;
  private final Key key = Key.generate(new SecureRandom());
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final List<Answer> answers = new ArrayList<>();
  private Process process;
  private BufferedReader output;
  private int port;
  private int calls;

  DiskScene(Path folder) throws IOException, InterruptedException {
    this.home = folder.resolve("home");
    this.sandboxHome = folder.resolve("sandbox");
    this.sandbox =
        Sandbox.start(
            SandboxSettings.at(sandboxHome, Clock.systemUTC())
                .withPerPicture(Duration.ofMillis(300))
                .withLimits(Limits.none()));
    this.disk = Disk.of(home);
  }

  /**
   * What a call was told.
   *
   * @param status 0 if the connection broke
   */
  record Answer(String prompt, int status, String code, String id, boolean mayTryAgain) {
    boolean acknowledged() {
      return status == 200 || status == 202;
    }

    /** Told that nothing came of it. */
    boolean refused() {
      return code.equals("store_unavailable") || code.equals("insufficient_storage");
    }
  }

  Disk disk() {
    return disk;
  }

  ProcessHandle process() {
    return process.toHandle();
  }

  void start(long minFreeDisk) throws IOException {
    assertThat(tryStart(minFreeDisk)).as("the gateway started; see the log").isTrue();
  }

  /** False if it ended in place of starting. */
  boolean tryStart(long minFreeDisk) throws IOException {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-XX:TieredStopAtLevel=1",
            "-Xshare:auto",
            "-Xmx256m",
            "-cp",
            System.getProperty("java.class.path"),
            DiskVictim.class.getName(),
            home.toString(),
            key.text(),
            sandbox.baseUrl(),
            Long.toString(minFreeDisk));
    process =
        new ProcessBuilder(disk.inside(command))
            .redirectError(ProcessBuilder.Redirect.appendTo(home.resolveSibling("log").toFile()))
            .start();
    output = process.inputReader();
    String line = nextLine();
    if (line == null) {
      return false;
    }
    port = Integer.parseInt(line.substring("port ".length()));
    return true;
  }

  /** What the gateway's process says to us; null if it is gone. */
  private String nextLine() throws IOException {
    String line = output.readLine();
    while (line != null && !line.startsWith("> ")) {
      line = output.readLine();
    }
    return line == null ? null : line.substring("> ".length());
  }

  private List<String> command(String command) throws IOException {
    process.outputWriter().write(command + "\n");
    process.outputWriter().flush();
    List<String> lines = new ArrayList<>();
    for (String line = nextLine(); !"done".equals(line); line = nextLine()) {
      if (line == null) {
        throw new IOException("the gateway is gone");
      }
      lines.add(line.substring("row ".length()));
    }
    return lines;
  }

  void fail(FailingSync what) throws IOException {
    assertThat(command("fail " + what)).isEmpty();
  }

  /** Rows of the running gateway's database. */
  List<String> rows(String sql) throws IOException {
    return command("rows " + sql.replace('\n', ' '));
  }

  /** One more call, with a prompt of its own, that waits for its picture. */
  Answer call() {
    return call("wait=180");
  }

  /** One more call, with a prompt of its own, that is acknowledged once it is admitted. */
  Answer callAsync() {
    return call("respond-async");
  }

  private Answer call(String preference) {
    Answer answer = send(preference, "call " + ++calls);
    answers.add(answer);
    return answer;
  }

  private Answer send(String preference, String prompt) {
    try {
      HttpResponse<String> response =
          client.send(
              HttpRequest.newBuilder(
                      URI.create("http://127.0.0.1:" + port + "/v1/images/generations"))
                  .timeout(Duration.ofMinutes(4))
                  .header("Authorization", "Bearer " + key.text())
                  .header("Content-Type", "application/json")
                  .header("Prefer", preference)
                  .POST(
                      HttpRequest.BodyPublishers.ofString(
                          "{\"model\":\"wan2.7-image\",\"prompt\":\"%s\",\"size\":\"768x768\"}"
                              .formatted(prompt)))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      JsonNode json = JSON.readTree(response.body());
      return new Answer(
          prompt,
          response.statusCode(),
          json.path("error").path("code").asString(""),
          json.path("id").asString(""),
          response.headers().firstValue("x-should-retry").orElse("").equals("true"));
    } catch (IOException e) {
      return new Answer(prompt, 0, "", "", false);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  int calls() {
    return calls;
  }

  /** The process's exit, which it must come to by itself. */
  int awaitExit() throws InterruptedException {
    assertThat(process.waitFor(180, TimeUnit.SECONDS)).as("the process ended itself").isTrue();
    return process.exitValue();
  }

  void kill() throws InterruptedException {
    process.toHandle().destroyForcibly();
    awaitExit();
  }

  List<Submit> submits() throws IOException {
    return SandboxJournal.submits(sandboxHome);
  }

  /** Until so many generations have tried to bring their pictures home, and could not. */
  void awaitFailedFetches(int generations) {
    Map<String, Set<String>> dates = new HashMap<>();
    awaitRows(
        "all have tried in vain to store their pictures",
        "SELECT id, due_at FROM generation WHERE state = 'FETCHING'",
        rows -> {
          // Each failed try gives it a later date.
          for (String row : rows) {
            String[] columns = row.split("\\|", -1);
            dates.computeIfAbsent(columns[0], _ -> new HashSet<>()).add(columns[1]);
          }
          return rows.size() == generations
              && dates.values().stream().allMatch(own -> own.size() > 1);
        });
  }

  void awaitEnds() {
    awaitRows(
        "all generations have ended",
        """
        SELECT id FROM generation WHERE state IN
        ('ADMITTED', 'DISPATCHING', 'SUBMITTED', 'UNCERTAIN', 'FETCHING')
        """,
        List::isEmpty);
  }

  void awaitRows(String what, String sql, Predicate<List<String>> good) {
    Await.until(
        what,
        () -> {
          try {
            return good.test(rows(sql));
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  /** Acknowledged and lost, paid twice, paid and lost, or not settled: what must never be. */
  List<String> wrongs() throws IOException {
    List<String> wrongs = new ArrayList<>();
    List<String> settled =
        rows(
            """
            SELECT g.task FROM generation g
            JOIN ledger l ON l.generation_id = g.id AND l.kind = 'CHARGE'
            JOIN image i ON i.generation_id = g.id AND i.state = 'STORED'
            WHERE g.state = 'SUCCEEDED'
            """);
    Set<String> bodies = new HashSet<>();
    for (Submit submit : submits()) {
      // Each call has a prompt of its own, so equal bodies are the same call.
      if (!bodies.add(submit.body())) {
        wrongs.add("paid twice: task " + submit.task());
      }
      if (!settled.contains(submit.task())) {
        wrongs.add("paid and lost: task " + submit.task());
      }
    }
    if (settled.size() != submits().size()) {
      wrongs.add(settled.size() + " settled for " + submits().size() + " tasks");
    }
    List<String> known = rows("SELECT id FROM generation");
    answers.stream()
        .filter(Answer::acknowledged)
        .filter(answer -> !known.contains(answer.id()))
        .forEach(answer -> wrongs.add("acknowledged and lost: " + answer));
    List<String> requests = rows("SELECT request FROM generation");
    answers.stream()
        .filter(Answer::refused)
        .filter(
            answer -> requests.stream().anyMatch(r -> r.contains("\"" + answer.prompt() + "\"")))
        .forEach(answer -> wrongs.add("refused, and done all the same: " + answer));
    rows("SELECT id, state FROM generation WHERE state <> 'SUCCEEDED'")
        .forEach(row -> wrongs.add("not settled: " + row));
    rows("""
    SELECT generation_id FROM ledger GROUP BY generation_id
    HAVING SUM(CASE kind WHEN 'HOLD' THEN amount ELSE 0 END)
    <> SUM(CASE WHEN kind IN ('CHARGE', 'RELEASE') THEN amount ELSE 0 END)
    """)
        .forEach(id -> wrongs.add("hold is not charge and release: " + id));
    for (String picture : rows("SELECT storage_key, sha256 FROM image WHERE state = 'STORED'")) {
      String storageKey = picture.substring(0, picture.indexOf('|'));
      if (!picture.endsWith("|" + sha256(home.resolve("store").resolve(storageKey)))) {
        wrongs.add("the store holds other bytes: " + storageKey);
      }
    }
    return wrongs;
  }

  private String sha256(Path file) throws IOException {
    try {
      byte[] bytes = Files.readAllBytes(disk.here(file));
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  Path home() {
    return disk.here(home);
  }

  @Override
  public void close() throws IOException {
    if (process != null) {
      process.toHandle().destroyForcibly();
    }
    disk.close();
    client.close();
    sandbox.close();
  }
}
