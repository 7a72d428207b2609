package dev.moongate.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moongate.HomeAudit;
import dev.moongate.HomeDatabase;
import dev.moongate.auth.Key;
import dev.moongate.model.Money;
import dev.moongate.policy.Budget;
import dev.moongate.sandbox.Sandbox;
import dev.moongate.sandbox.SandboxSettings;
import dev.moongate.testing.Await;
import dev.moongate.testing.EmbeddedPostgres;
import dev.moongate.testing.Rows;
import dev.moongate.testing.SandboxJournal;
import dev.moongate.testing.SandboxJournal.Submit;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A gateway that is killed and started again, the sandbox whose journal is the truth about it, and
 * the journal of its clients.
 */
final class Scene implements AutoCloseable {
  private final Path home;
  private final Path sandboxHome;
  private final @Nullable String database;
  private final Sandbox sandbox;
  private final KillingProxy proxy;
  private final Key key = Key.generate(new SecureRandom());
  private final Map<String, String> answered = new ConcurrentHashMap<>();
  private final AtomicInteger calls = new AtomicInteger();
  private final AtomicInteger overBudget = new AtomicInteger();
  private Process process;
  private BufferedReader output;
  private int port;

  /**
   * @param database the URL of a PostgreSQL; null for SQLite in the home
   */
  Scene(Path folder, @Nullable String database) throws IOException {
    this.database = database;
    this.home = folder.resolve("home");
    this.sandboxHome = folder.resolve("sandbox");
    this.sandbox =
        Sandbox.start(
            SandboxSettings.at(sandboxHome, Clock.systemUTC())
                .withPerPicture(Duration.ofMillis(300)));
    this.proxy = new KillingProxy(sandbox.port());
  }

  void startGateway() throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                Victim.class.getName(),
                home.toString(),
                key.text(),
                proxy.uri().toString()));
    if (database != null) {
      command.add(database);
    }
    process =
        new ProcessBuilder(command)
            .redirectError(ProcessBuilder.Redirect.appendTo(home.resolveSibling("log").toFile()))
            .start();
    output = process.inputReader();
    port = Integer.parseInt(nextNumber());
  }

  /** What is printed may be mixed with log lines. */
  private String nextNumber() throws IOException {
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      if (line.matches("\\d{1,5}")) {
        return line;
      }
    }
    throw new IOException("the gateway did not start; see " + home.resolveSibling("log"));
  }

  /** From now on the gateway dies when it comes to this point. */
  void arm(KillPoint point) throws IOException {
    proxy.arm(point, this::kill);
    process.outputWriter().write(point.name() + "\n");
    process.outputWriter().flush();
    String line = output.readLine();
    while (line != null && !line.equals("armed")) {
      line = output.readLine();
    }
  }

  void kill() {
    process.toHandle().destroyForcibly();
  }

  void awaitDeath() throws InterruptedException {
    assertThat(process.waitFor(180, TimeUnit.SECONDS)).as("the gateway died").isTrue();
    proxy.arm(null, () -> {});
  }

  /** What a gateway that has died ended with. */
  int exitCode() {
    return process.exitValue();
  }

  /** One more call, with a prompt of its own; the client's journal keeps what it was answered. */
  void call(boolean killMidAnswer) {
    String prompt = "call " + calls.incrementAndGet();
    String body =
        "{\"model\":\"wan2.7-image\",\"prompt\":\"%s\",\"size\":\"768x768\",\"response_format\":\"%s\"}"
            .formatted(prompt, killMidAnswer ? "b64_json" : "url");
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(180_000);
      socket
          .getOutputStream()
          .write(
              ("POST /v1/images/generations HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nAuthorization: Bearer %s\r\n"
                          .formatted(port, key.text())
                      + "Content-Type: application/json\r\nConnection: close\r\nContent-Length: "
                      + body.length()
                      + "\r\n\r\n"
                      + body)
                  .getBytes(StandardCharsets.ISO_8859_1));
      InputStream in = socket.getInputStream();
      byte[] first = in.readNBytes(killMidAnswer ? 2000 : 12);
      String head = new String(first, StandardCharsets.ISO_8859_1);
      if (killMidAnswer) {
        kill();
      }
      if (head.startsWith("HTTP/1.1 200")) {
        answered.put(prompt, "200");
      } else if (head.startsWith("HTTP/1.1 402")) {
        overBudget.incrementAndGet();
      }
      in.readAllBytes();
    } catch (IOException e) {
      // The gateway died: what the client knows of its call is nothing.
    }
  }

  /** One call that ends well, so that the gateway knows the provider's name of its key. */
  void firstOfAll() {
    call(false);
    Await.until("the name is known", () -> !rows("SELECT 1 FROM provider_key").isEmpty());
  }

  /** Until every generation has ended; hundreds may wait, so only a standstill is a failure. */
  void awaitEnds() {
    for (int open = open(); open > 0; open = open()) {
      int before = open;
      Await.until("one more generation has ended", () -> open() < before);
    }
  }

  private int open() {
    return rows("""
    SELECT id FROM generation WHERE state IN
    ('ADMITTED', 'DISPATCHING', 'SUBMITTED', 'UNCERTAIN', 'FETCHING')
    """)
        .size();
  }

  int calls() {
    return calls.get();
  }

  /** How many calls were told that the budget is used up. */
  int overBudget() {
    return overBudget.get();
  }

  /** Lets the key pay for so many pictures, whenever. */
  void budget(int pictures) throws IOException {
    String keyId = rows("SELECT id FROM api_key").getFirst();
    try (HomeDatabase home = HomeDatabase.open(this.home, database, Clock.systemUTC())) {
      home.budgets("CNY")
          .set(
              new Budget(
                  Budget.Scope.KEY,
                  keyId,
                  Budget.Period.TOTAL,
                  new Money(200_000, "CNY").times(pictures)),
              "test");
    }
  }

  int answeredWell() {
    return answered.size();
  }

  /** Lost, paid twice, or not settled: what must never be. */
  List<String> wrongs() throws IOException {
    List<String> wrongs = new ArrayList<>();
    Map<String, String> tasksByBody = new HashMap<>();
    List<String> tasks = new ArrayList<>();
    for (Submit submit : SandboxJournal.submits(sandboxHome)) {
      tasks.add(submit.task());
      // Each call has a prompt of its own, so equal bodies are the same call.
      String other = tasksByBody.put(submit.body(), submit.task());
      if (other != null) {
        wrongs.add("paid twice: tasks " + other + " and " + submit.task());
      }
    }
    List<String> settled =
        rows(
            """
            SELECT g.task FROM generation g
            JOIN ledger l ON l.generation_id = g.id AND l.kind = 'CHARGE'
            JOIN image i ON i.generation_id = g.id AND i.state = 'STORED'
            WHERE g.state = 'SUCCEEDED'
            """);
    tasks.stream()
        .filter(task -> !settled.contains(task))
        .forEach(task -> wrongs.add("paid and lost: task " + task));
    rows("""
    SELECT g.id, g.state, g.error_code, a.no, a.outcome, a.reason FROM generation g
    LEFT JOIN attempt a ON a.generation_id = g.id WHERE g.state <> 'SUCCEEDED'
    """)
        .forEach(row -> wrongs.add("not settled: " + row));
    List<String> prompts = rows("SELECT request FROM generation");
    answered.keySet().stream()
        .filter(prompt -> prompts.stream().noneMatch(row -> row.contains("\"" + prompt + "\"")))
        .forEach(prompt -> wrongs.add("answered, but unknown: " + prompt));
    if (settled.size() != tasks.size()) {
      wrongs.add(settled.size() + " settled for " + tasks.size() + " tasks");
    }
    new HomeAudit(home, database, List.of())
        .run(false, Clock.systemUTC())
        .violations()
        .forEach(violation -> wrongs.add("audit: " + violation));
    return wrongs;
  }

  List<String> rows(String sql) {
    if (database != null) {
      return EmbeddedPostgres.rows(database, sql);
    }
    try (var connection =
        DriverManager.getConnection("jdbc:sqlite:" + home.resolve("moongate.db"))) {
      return Rows.of(connection, sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() throws IOException {
    if (process != null) {
      kill();
    }
    proxy.close();
    sandbox.close();
  }
}
