package dev.moongate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moongate.HomeDatabase;
import dev.moongate.auth.Key;
import dev.moongate.provider.ApiKey;
import dev.moongate.provider.ImageProvider.Mode;
import dev.moongate.settings.MoongateSettings.AccountSettings;
import dev.moongate.testing.Await;
import dev.moongate.testing.MoongateHarness;
import dev.moongate.testing.MoongateHarness.Answer;
import dev.moongate.testing.TaskUpstream;
import dev.moongate.testing.TaskUpstream.Fate;
import dev.moongate.webhook.Webhook;
import dev.moongate.webhook.WebhookSecret;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Whatever is broken in a home is told, on a line of its own. The home was lived in: {@code few}
 * got one of two pictures, {@code twice} was submitted again after proof, {@code gone} was deleted,
 * {@code lost} ended unresolved, {@code open} runs.
 */
@Timeout(300)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AuditTest {
  private static final String BODY =
      "{\"model\":\"wan2.7-image-pro\",\"prompt\":\"x\",\"n\":%d,\"seed\":%d}";
  private static final String PROVIDER_KEY = "sk-upstream-secret";
  private static final String CALLER_KEY = Key.generate(new SecureRandom()).text();

  private Path lived;
  private final Map<String, String> names = new HashMap<>();
  @TempDir Path home;
  private String out;
  private String err;

  /** Puts the rows of a home into another database than SQLite. */
  void chooseDatabase(Path of) {}

  /** The line of moongate.yaml that names the database of a home. */
  String databaseSetting(Path of) {
    return "";
  }

  void copyRows(Path from, Path to) throws IOException {
    MoongateHarness.copyDatabase(from, to);
  }

  Connection connect(Path to) throws SQLException {
    Connection connection = DriverManager.getConnection("jdbc:sqlite:" + to.resolve("moongate.db"));
    try (var statement = connection.createStatement()) {
      statement.executeUpdate("PRAGMA ignore_check_constraints = ON");
      statement.executeUpdate("DROP TRIGGER ledger_no_update");
      statement.executeUpdate("DROP TRIGGER ledger_no_delete");
    }
    return connection;
  }

  @BeforeAll
  void live(@TempDir Path folder) throws IOException {
    boolean late = true;
    // A slow machine that sends a submit too late leaves an attempt more, which tests would count.
    for (int again = 0; late; again++) {
      lived = Files.createDirectory(folder.resolve("home-" + again));
      names.clear();
      late = livedLate(lived);
    }
  }

  private boolean livedLate(Path folder) throws IOException {
    boolean late;
    chooseDatabase(folder);
    try (TaskUpstream upstream = new TaskUpstream();
        MoongateHarness moongate =
            MoongateHarness.start(
                folder, List.of(account(upstream.http().uri())), MoongateHarness.settings())) {
      names.put("few", ended(moongate.generate(BODY.formatted(2, 1))));
      upstream.fates(Fate.DROPPED);
      names.put("twice", ended(moongate.generate(BODY.formatted(1, 2), "Idempotency-Key", "k")));
      names.put("gone", ended(moongate.generate(BODY.formatted(1, 3))));
      moongate.delete("/v1/images/generations/" + names.get("gone"));
      upstream.listStatus(404).fates(Fate.ACCEPTED_UNANSWERED);
      names.put("lost", ended(moongate.generate(BODY.formatted(1, 4))));
      upstream.state("RUNNING");
      names.put("open", ended(moongate.generate(BODY.formatted(1, 5), "Prefer", "respond-async")));
      Await.until(
          "it runs", () -> moongate.rows("SELECT state FROM generation").contains("SUBMITTED"));
      WebhookSecret secret = WebhookSecret.generate(new SecureRandom());
      names.put("webhook secret", secret.text());
      try (HomeDatabase database = moongate.database()) {
        String key = moongate.rows("SELECT id FROM api_key").getFirst();
        database
            .webhooks()
            .register(key, new Webhook(URI.create("https://example.com"), secret), "test");
      }
      names.put(
          "link secret",
          moongate.rows("SELECT value FROM setting WHERE name = 'link-secret'").getFirst());
      late = !moongate.rows("SELECT 1 FROM attempt WHERE reason = 'GatewayWasLate'").isEmpty();
    }
    names.put("caller key", CALLER_KEY);
    names.put("provider key", PROVIDER_KEY);
    return late;
  }

  /** With a credential that the stand-in may make a name of. */
  private static AccountSettings account(URI upstream) {
    AccountSettings usual = MoongateHarness.account(upstream, Mode.ASYNC);
    return new AccountSettings(
        usual.name(),
        usual.provider(),
        usual.baseUrl(),
        List.of(new ApiKey("sk-a")),
        usual.mode(),
        usual.limits(),
        usual.imageHosts());
  }

  private static String ended(Answer answer) {
    return answer.header("x-moongate-generation");
  }

  @BeforeEach
  void moveIn() throws IOException {
    copyRows(lived, home);
    try (Stream<Path> files = Files.walk(lived.resolve("store"))) {
      for (Path file : files.toList()) {
        Files.copy(file, home.resolve(lived.relativize(file)));
      }
    }
  }

  private int audit(String... options) throws IOException {
    return auditOf(home, options);
  }

  private int auditOf(Path home, String... options) throws IOException {
    Path config =
        Files.writeString(
            home.resolve("moongate.yaml"),
            """
            %s
            accounts: [{ name: beijing, provider: dashscope, api-keys: ["%s"] }]
            """
                .formatted(databaseSetting(home), PROVIDER_KEY));
    List<String> arguments = new ArrayList<>(List.of("audit", "--home", home.toString()));
    arguments.addAll(List.of("--config", config.toString()));
    arguments.addAll(List.of(options));
    StringWriter printed = new StringWriter();
    StringWriter complained = new StringWriter();
    int exit =
        Moongate.commandLine()
            .setOut(new PrintWriter(printed, true))
            .setErr(new PrintWriter(complained, true))
            .execute(arguments.toArray(String[]::new));
    out = printed.toString();
    err = complained.toString();
    return exit;
  }

  /** With {@code <few>} and the other names put in. */
  private String named(String text) {
    String named = text;
    for (Map.Entry<String, String> name : names.entrySet()) {
      named = named.replace("<" + name.getKey() + ">", name.getValue());
    }
    return named;
  }

  private void breakRows(String statements) throws SQLException {
    try (Connection connection = connect(home);
        var statement = connection.createStatement()) {
      for (String one : named(statements).split(";", -1)) {
        assertThat(statement.executeUpdate(one)).as(one).isPositive();
      }
    }
  }

  @Test
  void ofALivedInHomeEverythingHolds() throws IOException {
    assertThat(audit()).as(out + err).isZero();
    assertThat(out)
        .isEqualTo(
            "audited: 5 generations, 6 attempts, 14 ledger lines, 2 stored pictures"
                + " (length and SHA-256); everything holds\n");
  }

  @Test
  void whileAGatewayRunsEverythingHoldsToo(@TempDir Path inUse) throws IOException {
    chooseDatabase(inUse);
    try (MoongateHarness moongate = MoongateHarness.sandbox(inUse)) {
      for (int seed = 1; seed <= 4; seed++) {
        moongate.generate(
            "{\"model\":\"wan2.7-image\",\"prompt\":\"x sandbox:delay=1s\",\"size\":\"768x768\",\"n\":2,\"seed\":%d}"
                .formatted(seed),
            "Prefer",
            "respond-async");
      }
      List<String> states;
      do {
        assertThat(auditOf(inUse)).as(out + err).isZero();
        states = moongate.rows("SELECT DISTINCT state FROM generation");
      } while (!states.equals(List.of("SUCCEEDED")));
      assertThat(auditOf(inUse)).isZero();
      assertThat(out)
          .startsWith("audited: 4 generations, 4 attempts, 12 ledger lines, 8 stored pictures");
    }
  }

  @Test
  void homeWithoutADatabaseIsNotAuditedAndGetsNone(@TempDir Path empty) throws IOException {
    Path nowhere = empty.resolve("nowhere");
    StringWriter complained = new StringWriter();
    int exit =
        Moongate.commandLine()
            .setErr(new PrintWriter(complained, true))
            .execute("audit", "--home", nowhere.toString());
    assertThat(exit).isEqualTo(1);
    assertThat(complained.toString())
        .isEqualTo("Nothing was audited: there is no database %s/moongate.db\n".formatted(nowhere));
    assertThat(nowhere).doesNotExist();
  }

  @ParameterizedTest(name = "{1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          INSERT INTO ledger VALUES ('<open>', 'HOLD', 1, 500000, 'CNY', 0, NULL)| the hold is the price of the pictures asked for: <open>: HOLD 1 CNY for 1 at 0.5 CNY
          UPDATE spending SET spent = spent + 1 WHERE scope = 'KEY'| the counters of a day are what the ledger adds up to: KEY key_
          UPDATE spending SET reserved = 0 WHERE scope = 'PROJECT'| the counters of a day are what the ledger adds up to: PROJECT default on
          INSERT INTO ledger VALUES ('<few>', 'RELEASE', 1, 1, 'CNY', 0, NULL)| hold = charge + release once a generation has ended: <few> SUCCEEDED: HOLD 1 CNY, CHARGE 0.5 CNY, RELEASE 0.500001 CNY
          INSERT INTO ledger VALUES ('<open>', 'RELEASE', 0, 500000, 'CNY', 0, NULL)| nothing is charged or released before the end: <open> SUBMITTED: CHARGE 0 CNY, RELEASE 0.5 CNY
          DELETE FROM image WHERE generation_id = '<few>'| charged for the pictures that are stored, and for nothing else: <few> SUCCEEDED: CHARGE 0.5 CNY for 0 stored at 0.5 CNY
          UPDATE ledger SET kind = 'CHARGE' WHERE generation_id = '<lost>' AND kind = 'RELEASE'; UPDATE spending SET spent = spent + 500000| charged for the pictures that are stored, and for nothing else: <lost> UNRESOLVED: CHARGE 0.5 CNY for 0 stored at 0.5 CNY
          UPDATE generation SET cost = 1 WHERE id = '<few>'| the cost that the caller is shown is the charge: <few> SUCCEEDED: cost 0.000001 CNY, CHARGE 0.5 CNY
          UPDATE generation SET cost = 0 WHERE id = '<lost>'| the cost that the caller is shown is the charge: <lost> UNRESOLVED: cost 0 CNY, CHARGE 0 CNY
          DELETE FROM ledger WHERE kind = 'SUSPECTED_COST'| a cost is suspected where the outcome is unknown, and only there: <lost> UNRESOLVED: 0 lines of SUSPECTED_COST
          INSERT INTO ledger VALUES ('<few>', 'SUSPECTED_COST', 1, 1, 'CNY', 0, NULL)| a cost is suspected where the outcome is unknown, and only there: <few> SUCCEEDED: 1 lines of SUSPECTED_COST
          UPDATE ledger SET currency = 'USD' WHERE generation_id = '<few>' AND kind = 'COST'| a generation has one currency: <few> in CNY: COST 0.5 USD
          UPDATE ledger SET attempt_no = 7 WHERE generation_id = '<few>' AND kind = 'COST'| a provider's cost belongs to an attempt that may have cost it: <few>: COST 0.5 CNY, but attempt 7 is not there
          INSERT INTO ledger VALUES ('<twice>', 'COST', 1, 500000, 'CNY', 0, NULL)| a provider's cost belongs to an attempt that may have cost it: <twice>: COST 0.5 CNY, but attempt 1 is DISPROVED
          UPDATE attempt SET outcome = 'AMBIGUOUS' WHERE generation_id = '<twice>' AND no = 1| a submit follows another only after proof that the first is not paid: <twice>: attempt 2 was made although attempt 1 is AMBIGUOUS
          UPDATE attempt SET outcome = 'ACCEPTED' WHERE generation_id = '<twice>' AND no = 1| a submit follows another only after proof that the first is not paid: <twice>: attempt 2 was made although attempt 1 is ACCEPTED
          UPDATE generation SET attempts = 2 WHERE id = '<few>'| a generation counts its attempts: <few>: counts 2, there are 1, the last is number 1
          UPDATE attempt SET outcome = 'NOT_SENT' WHERE generation_id = '<open>'| the last attempt's outcome fits the generation's state: <open> SUBMITTED: its last attempt is NOT_SENT
          UPDATE attempt SET outcome = 'ACCEPTED' WHERE generation_id = '<lost>'| the last attempt's outcome fits the generation's state: <lost> UNRESOLVED: its last attempt is ACCEPTED
          UPDATE attempt SET task = 'other' WHERE generation_id = '<open>'| a generation's task is its last attempt's: <open>: task task-5, at its attempt other
          INSERT INTO image (generation_id, idx, state) VALUES ('<few>', 1, 'LOST')| when a generation has ended, its pictures are stored or given up: <few> SUCCEEDED: picture 1 is LOST
          INSERT INTO image (generation_id, idx, state, upstream_link) VALUES ('<few>', 1, 'ANNOUNCED', 'https://x')| when a generation has ended, its pictures are stored or given up: <few> SUCCEEDED: picture 1 is ANNOUNCED
          UPDATE generation SET deleted_at = 1, request = NULL, metadata = NULL WHERE id = '<few>'| what was deleted is gone, and nothing else: <few> SUCCEEDED: picture 0 is STORED
          UPDATE generation SET request = '{}' WHERE id = '<gone>'| the prompt of a deleted generation is gone, and no other's: <gone> SUCCEEDED
          UPDATE image SET upstream_link = 'https://x' WHERE generation_id = '<few>'| an upstream link stands only where a picture is still to be fetched: <few> SUCCEEDED: picture 0 is STORED
          UPDATE generation SET deadline_at = 0, submitted_at = 0 WHERE id = '<open>'| every generation ends within a day of its deadline: <open> SUBMITTED: its deadline was 1970-01-01T00:00:00Z,
          UPDATE idempotency SET generation_id = 'gen_nobody'| an Idempotency-Key leads to the generation that it was sent with: gen_nobody: not there
          UPDATE idempotency SET fingerprint = 'other'| an Idempotency-Key leads to the generation that it was sent with: <twice>: not there
          INSERT INTO idempotency SELECT organisation_id, project_id, 'other', fingerprint, generation_id, expires_at FROM idempotency| a generation has one Idempotency-Key at most: <twice>: has 2
          UPDATE generation SET error_message = 'no such key: <caller key>!' WHERE id = '<lost>'| no secret stands in a row: <lost> generation.error_message: a caller's key
          UPDATE attempt SET reason = 'Bearer <provider key>' WHERE generation_id = '<few>'| no secret stands in a row: <few> attempt.reason: a provider's key
          UPDATE api_key SET name = '<webhook secret>'| no secret stands in a row: key_
          INSERT INTO setting VALUES ('other', '<webhook secret>')| no secret stands in a row: setting.value: the secret of a webhook
          INSERT INTO orphan_task (account, task, seen_at) VALUES ('a', '<link secret>', 0)| no secret stands in a row: orphan_task.task: the secret of the links
          """)
  void whatDoesNotHoldIsTold(String statements, String line) throws Exception {
    breakRows(statements);
    assertThat(audit()).as(err).isEqualTo(1);
    List<String> lines = out.lines().toList();
    assertThat(lines).hasSize(2);
    assertThat(lines.getFirst()).startsWith(named(line));
    assertThat(lines.getLast()).startsWith("audited: ").endsWith("; 1 does not hold");
    assertThat(out)
        .doesNotContain(CALLER_KEY, PROVIDER_KEY, names.get("webhook secret"))
        .doesNotContain(names.get("link secret"));
  }

  @Test
  void keysThatCannotBeReadAreToldAsNotLookedFor() throws IOException {
    Path config =
        Files.writeString(
            home.resolve("moongate.yaml"),
            """
            %s
            accounts: [{ name: beijing, provider: dashscope, api-keys: ["${NOT_SET_HERE}"] }]
            """
                .formatted(databaseSetting(home)));
    StringWriter printed = new StringWriter();
    int exit =
        Moongate.commandLine()
            .setOut(new PrintWriter(printed, true))
            .execute("audit", "--home", home.toString(), "--config", config.toString());
    assertThat(exit).isZero();
    assertThat(printed.toString())
        .startsWith("a provider's key is not looked for: ")
        .contains("names ${NOT_SET_HERE}, which is not set")
        .endsWith("everything holds\n");
  }

  private Path picture() throws IOException {
    try (Stream<Path> files = Files.list(home.resolve("store/images/" + names.get("few")))) {
      return files.findFirst().orElseThrow();
    }
  }

  private void assertTold(String fault) {
    String key = "images/" + names.get("few") + "/0-";
    assertThat(out.lines().toList().getFirst())
        .startsWith(
            "every stored picture is in the store, byte for byte: %s picture 0: %s"
                .formatted(names.get("few"), key))
        .contains(fault);
    assertThat(out).endsWith("; 1 does not hold\n");
  }

  @Test
  void pictureThatIsNotInTheStoreIsTold() throws IOException {
    Files.delete(picture());
    assertThat(audit()).isEqualTo(1);
    assertTold("is not there");
  }

  @Test
  void pictureThatIsCutIsToldEvenInAQuickLook() throws IOException {
    byte[] whole = Files.readAllBytes(picture());
    Files.write(picture(), java.util.Arrays.copyOf(whole, whole.length - 1));
    assertThat(audit("--quick")).isEqualTo(1);
    assertTold("has %d bytes, should have %d".formatted(whole.length - 1, whole.length));
  }

  @Test
  void pictureWithAChangedByteIsToldUnlessTheLookIsQuick() throws IOException {
    byte[] bytes = Files.readAllBytes(picture());
    bytes[bytes.length / 2] ^= 1;
    Files.write(picture(), bytes);
    assertThat(audit("--quick")).isZero();
    assertThat(out).contains("2 stored pictures (their length only); everything holds");
    assertThat(audit()).isEqualTo(1);
    assertTold("has the SHA-256 ");
  }

  @Test
  void manyThingsThatDoNotHoldAreCounted() throws Exception {
    breakRows(
        """
        UPDATE generation SET cost = 1 WHERE id = '<few>';
        UPDATE generation SET cost = 1 WHERE id = '<twice>'\
        """);
    Files.delete(picture());
    assertThat(audit()).isEqualTo(1);
    assertThat(out.lines()).hasSize(4);
    assertThat(out).endsWith("; 3 do not hold\n");
  }

  @Test
  void databaseOfAnotherVersionIsNotAudited() throws Exception {
    breakRows(
        "DELETE FROM schema_version WHERE version = (SELECT MAX(version) FROM schema_version)");
    assertThat(audit()).isEqualTo(1);
    assertThat(err)
        .startsWith("Nothing was audited: the database ")
        .containsPattern(
            "has version \\d+, this Moongate needs \\d+: start the gateway on it once");
    assertThat(out).isEmpty();
  }
}
