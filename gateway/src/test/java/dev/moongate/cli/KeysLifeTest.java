package dev.moongate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moongate.HomeDatabase;
import dev.moongate.auth.Key;
import dev.moongate.auth.Keys.KeyRow;
import dev.moongate.testing.EmbeddedPostgres;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys, projects and budgets by the command line. */
@Timeout(300)
class KeysLifeTest {
  @TempDir private Path home;
  private StringWriter out = new StringWriter();
  private StringWriter err = new StringWriter();
  private String database;

  private int run(String... arguments) throws Exception {
    out = new StringWriter();
    err = new StringWriter();
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--home");
    all.add(home.toString());
    if (database != null) {
      all.add("--config");
      all.add(Files.writeString(home.resolve("moongate.yaml"), "database: " + database).toString());
    }
    return Moongate.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(all.toArray(String[]::new));
  }

  /** What a command that goes well prints. */
  private String said(String... arguments) throws Exception {
    assertThat(run(arguments)).as(err.toString()).isZero();
    return out.toString().strip();
  }

  private String refused(String... arguments) throws Exception {
    assertThat(run(arguments)).as(out.toString()).isEqualTo(1);
    assertThat(out.toString()).isEmpty();
    return err.toString();
  }

  private HomeDatabase open() throws Exception {
    return HomeDatabase.open(home, database, Clock.systemUTC());
  }

  private KeyRow only() throws Exception {
    try (HomeDatabase open = open()) {
      return open.keys().list().getFirst();
    }
  }

  private boolean works(String key) throws Exception {
    try (HomeDatabase open = open()) {
      return open.keys()
          .findActive(Key.parse(key).orElseThrow().hash(), Clock.systemUTC().instant())
          .isPresent();
    }
  }

  @Test
  void newPrintsOneKeyAndNothingElse() {
    assertThat(
            Moongate.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute("keys", "new"))
        .isZero();
    assertThat(out.toString().lines()).hasSize(1);
    assertThat(Key.parse(out.toString().strip())).isPresent();
    assertThat(err.toString()).isEmpty();
    assertThat(home).isEmptyDirectory();
  }

  @Test
  void aKeyLivesFromAddToDelete() throws Exception {
    wholeLife();
  }

  @Test
  void aKeyLivesOnPostgresToo() throws Exception {
    database = EmbeddedPostgres.newDatabase();
    wholeLife();
    assertThat(home.resolve("moongate.db")).doesNotExist();
  }

  private void wholeLife() throws Exception {
    String project = said("projects", "add", "shop", "--weight", "3", "--concurrent", "9");
    String first =
        said(
            "keys",
            "add",
            "app",
            "--project=" + project,
            "--role=read-only",
            "--models=wan2.7-image,wan2.7-image-pro",
            "--requests-per-minute=60",
            "--images-per-minute=100",
            "--pixels-per-day=1000000",
            "--concurrent=5",
            "--weight=7",
            "--response-format=b64_json",
            "--link-life=3600",
            "--answer-within=95",
            "--lenient",
            "--expires=30");
    KeyRow row = only();
    assertThat(works(first)).isTrue();
    assertThat(row.project()).isEqualTo(project);
    assertThat(row.terms().weight()).isEqualTo(7);
    assertThat(row.terms().lenient()).isTrue();
    assertThat(row.terms().linkLife()).isEqualTo(Duration.ofHours(1));
    assertThat(said("keys", "show", row.id()))
        .contains("read-only", "wan2.7-image, wan2.7-image-pro", "1000000", "95 seconds", project)
        .doesNotContain(first);

    said("keys", "rename", row.id(), "the app");
    said("keys", "change", row.id(), "--role=member", "--models=none", "--concurrent=none");
    said("keys", "change", row.id(), "--expires=none", "--no-lenient", "--link-life=none");
    KeyRow changed = only();
    assertThat(changed.name()).isEqualTo("the app");
    assertThat(changed.terms().models()).isNull();
    assertThat(changed.terms().limits().concurrent()).isNull();
    assertThat(changed.terms().limits().requestsPerMinute()).isEqualTo(60);
    assertThat(changed.expiresAt()).isNull();
    assertThat(changed.terms().lenient()).isFalse();
    assertThat(changed.terms().linkLife()).isNull();
    assertThat(said("keys", "change", row.id(), "--webhook=https://hooks.example.com/x"))
        .contains("whsec_");
    assertThat(said("keys", "list")).contains("the app", "works, webhook hooks.example.com");
    said("keys", "change", row.id(), "--webhook=none");

    String second = said("keys", "rotate", row.id(), "--grace=600");
    assertThat(works(first)).isTrue();
    assertThat(works(second)).isTrue();
    said("keys", "disable", row.id());
    assertThat(works(second)).isFalse();
    said("keys", "enable", row.id());
    assertThat(works(second)).isTrue();

    said("keys", "budget", "set", row.id(), "day", "20.00");
    assertThat(said("keys", "budget", "show", row.id())).contains("day", "20 CNY", "0 CNY");
    said("keys", "budget", "remove", row.id(), "day");
    assertThat(refused("keys", "budget", "remove", row.id(), "day")).contains("has no budget");
    said("projects", "budget", "set", project, "total", "100");

    said("projects", "change", project, "--name=store", "--concurrent=none");
    assertThat(said("projects", "show", project)).contains("store", "concurrent            none");
    said("projects", "disable", project);
    assertThat(works(second)).isFalse();
    assertThat(said("projects", "list")).contains("store", "disabled");
    said("projects", "enable", project);
    assertThat(works(second)).isTrue();
    said("keys", "delete", row.id());
    assertThat(works(second)).isFalse();
    assertThat(refused("keys", "show", row.id())).contains("no key with the id");
  }

  @Test
  void theLastAdminKeyIsNotDisabled() throws Exception {
    said("keys", "add", "admin", "--role=admin");
    assertThat(refused("keys", "disable", only().id())).contains("make another one first");
    assertThat(refused("keys", "delete", only().id())).contains("make another one first");
    assertThat(refused("projects", "disable", "default")).contains("make another one first");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--role=owner",
        "--models=dall-e",
        "--weight=0",
        "--weight=1001",
        "--concurrent=-1",
        "--pixels-per-day=many",
        "--response-format=png",
        "--link-life=0",
        "--answer-within=281",
        "--expires=0",
        "--project=proj_9"
      })
  void aBadOptionIsRefusedByNameAndNoKeyIsMade(String option) throws Exception {
    assertThat(refused("keys", "add", "a", option)).doesNotContain("Exception");
    assertThat(said("keys", "list").lines()).hasSize(1);
  }

  @Test
  void aNameCanBeReadAndABudgetIsInTheLedgersCurrency() throws Exception {
    assertThat(refused("keys", "add", " ")).contains("1 to 100 characters");
    said("keys", "add", "a");
    String id = only().id();
    assertThat(refused("keys", "rename", id, "x".repeat(101))).contains("1 to 100 characters");
    String config = Files.writeString(home.resolve("usd.yaml"), "currency: USD").toString();
    said("keys", "budget", "set", id, "month", "7.5", "--config", config);
    assertThat(said("keys", "budget", "show", id, "--config", config)).contains("7.5 USD");
  }

  @Test
  void aBudgetHasAPeriodAndAnAmount() throws Exception {
    said("keys", "add", "a");
    String id = only().id();
    assertThat(refused("keys", "budget", "set", id, "week", "1")).contains("day, month or total");
    assertThat(refused("keys", "budget", "set", id, "day", "1,0")).contains("such as 0.50");
    assertThat(refused("keys", "budget", "set", "key_9", "day", "1")).contains("key_9");
  }
}
