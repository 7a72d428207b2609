package dev.moongate.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.moongate.auth.Key;
import dev.moongate.provider.Egress;
import dev.moongate.provider.ImageProvider;
import dev.moongate.settings.MoongateSettings.AccountSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

class SettingsReaderTest {
  @TempDir private Path folder;

  @Test
  void nothingAtAllIsTheSandboxOnLoopback() {
    MoongateSettings settings = read(Map.of(), Flags.NONE);
    assertThat(settings.sandbox()).isTrue();
    assertThat(settings.http().port()).isEqualTo(8080);
    assertThat(settings.home()).isEqualTo(folder.resolve("data"));
    assertThat(settings.currency()).isEqualTo("CNY");
  }

  @ParameterizedTest
  @CsvSource({
    "http://127.0.0.1:9,http://127.0.0.1:9/api/v1",
    "http://127.0.0.1:9/,http://127.0.0.1:9/api/v1",
    "http://127.0.0.1:9/api/v1,http://127.0.0.1:9/api/v1",
    "http://127.0.0.1:9/api/v1/,http://127.0.0.1:9/api/v1"
  })
  void environmentAloneMakesAnAccount(String given, String base) {
    MoongateSettings settings =
        read(Map.of("DASHSCOPE_API_KEY", "sk-x", "DASHSCOPE_BASE_URL", given), Flags.NONE);
    AccountSettings account = settings.accounts().getFirst();
    assertThat(account.baseUrl()).isEqualTo(URI.create(base));
    assertThat(account.mode()).isEqualTo(ImageProvider.Mode.ASYNC);
    assertThat(account.limits().running()).isEqualTo(5);
    assertThat(account.submitTimeout()).hasSeconds(20);
  }

  @Test
  void submitWaitsAsLongAsItsModeNeedsUnlessTheAccountSaysOtherwise() throws IOException {
    MoongateSettings settings =
        file(
            """
            accounts:
              - { name: a, provider: dashscope, api-keys: [k] }
              - { name: b, provider: dashscope, api-keys: [l], mode: sync }
              - { name: c, provider: dashscope, api-keys: [m], submit-timeout: 90s }
            """,
            Map.of());
    assertThat(settings.accounts())
        .extracting(account -> account.submitTimeout().toSeconds())
        .containsExactly(20L, 300L, 90L);
  }

  @Test
  void flagsWinOverEnvironment() {
    MoongateSettings settings =
        read(
            Map.of("MOONGATE_PORT", "1", "MOONGATE_HOME", "/x", "MOONGATE_HOST", "::1"),
            new Flags("2", null, null, null, "https://i.example.com/", false));
    assertThat(settings.http().port()).isEqualTo(2);
    assertThat(settings.home()).isEqualTo(Path.of("/x"));
    assertThat(settings.http().publicUrl()).isEqualTo(URI.create("https://i.example.com/"));
  }

  @Test
  void originsAreExactAndEachMistakeIsNamed() throws IOException {
    assertThat(
            file("cors: { origins: [\"https://a.example.com\", \"http://[::1]:3000\"] }", Map.of())
                .http()
                .origins())
        .containsExactly("https://a.example.com", "http://[::1]:3000");
    assertThat(file("cors: { origins: [\"*\"] }", Map.of()).http().origins()).containsExactly("*");
    assertThat(read(Map.of(), Flags.NONE).http().origins()).isEmpty();
    assertThat(
            problems(
                """
                cors:
                  origin: ["https://a.example.com"]
                  origins:
                    - https://a.example.com/
                    - https://A.example.com
                    - a.example.com
                    - https://*.example.com
                    - https://a.example.com:443
                """,
                Map.of()))
        .anyMatch(problem -> problem.contains("`cors.origin`") && problem.contains("`origins`"))
        .filteredOn(problem -> problem.contains("is no origin as browsers send it"))
        .extracting(problem -> problem.replaceAll(".*`(.*?)`.*", "$1"))
        .containsExactly(
            "cors.origins[0]",
            "cors.origins[1]",
            "cors.origins[2]",
            "cors.origins[3]",
            "cors.origins[4]");
  }

  @Test
  void aliasesAreReadInTheirOrder() throws IOException {
    assertThat(
            file(
                    """
                    aliases:
                      gpt-image-1: { model: wan2.7-image-pro, defaults: { size: 2K, watermark: false, n: 1 } }
                      openai/x:1: { model: wan2.7-image }
                    """,
                    Map.of())
                .aliases())
        .containsExactly(
            Map.entry(
                "gpt-image-1",
                new MoongateSettings.AliasSettings(
                    "wan2.7-image-pro", Map.of("size", "2K", "watermark", "false", "n", "1"))),
            Map.entry("openai/x:1", new MoongateSettings.AliasSettings("wan2.7-image", Map.of())));
    assertThat(read(Map.of(), Flags.NONE).aliases()).isEmpty();
  }

  @Test
  void everyMistakeOfAnAliasIsNamed() {
    assertThat(
            problems(
                """
                aliases:
                  a: { modell: x, defaults: { sise: 2K } }
                  "b c": { model: x, defaults: { watermark: [true] } }
                  d: { model: x, defaults: { prompt: hello } }
                """,
                Map.of()))
        .anyMatch(p -> p.contains(":2: `aliases.a` has no model"))
        .anyMatch(p -> p.contains("`aliases.a.modell` is not a setting; did you mean `model`?"))
        .anyMatch(
            p -> p.contains("`aliases.a.defaults.sise` is not a setting; did you mean `size`?"))
        .anyMatch(p -> p.contains(":3: `aliases.b c` is no name for an alias"))
        .anyMatch(p -> p.contains("`aliases.b c.defaults.watermark` must have a single value"))
        .anyMatch(p -> p.contains("`aliases.d.defaults.prompt` is not a setting; here there are:"))
        .hasSize(6);
  }

  @Test
  void wholeFileIsRead() throws IOException {
    Files.writeString(folder.resolve("secret"), "sk-from-file\n");
    MoongateSettings settings =
        file(
            """
            public-url: https://images.example.com
            currency: USD
            answer-within: 95s
            stream-heartbeat: 5s
            limits: { body: 1MB, bodies-in-memory: 2MB }
            accounts:
              - name: beijing
                provider: dashscope
                base-url: https://dashscope.aliyuncs.com
                api-keys: ["${KEY}", "${file:%s}"]
                mode: sync
                limits: { submits-per-second: none, running: 7 }
                image-hosts: ["*.example.com"]
            """
                .formatted(folder.resolve("secret")),
            Map.of("KEY", "sk-from-env"));
    AccountSettings account = settings.accounts().getFirst();
    assertThat(account.keys())
        .extracting(k -> k.secret())
        .containsExactly("sk-from-env", "sk-from-file");
    assertThat(account.mode()).isEqualTo(ImageProvider.Mode.SYNC);
    assertThat(account.limits().submitsPerSecond()).isNull();
    assertThat(account.limits().running()).isEqualTo(7);
    assertThat(account.limits().pollsPerSecond()).isEqualTo(20);
    assertThat(settings.http().bodyLimit()).isEqualTo(1 << 20);
    assertThat(settings.http().answerWithin()).hasSeconds(95);
    assertThat(settings.http().heartbeat()).hasSeconds(5);
    assertThat(settings.toString()).doesNotContain("sk-from");
  }

  @Test
  void everyMistakeIsToldAtOnceWithItsLineAndNoSecret() {
    List<String> problems =
        problems(
            """
            publicurl: https://images.example.com
            answer-within: 600s
            accounts:
              - name: a
                provider: openai
                api-keys: ["${NOT_SET}"]
                mod: sync
                limits: { running: 0 }
              - name: a
                provider: dashscope
                api-keys: ["sk-sp-secret"]
              - name: sandbox
                provider: dashscope
                api-keys: ["sk-b"]
            """,
            Map.of("MOONGATE_API_KEY", "hunter2", "MOONGATE_PORT", "99999"));
    assertThat(String.join("\n", problems))
        .contains(":1: `publicurl` is not a setting; did you mean `public-url`?")
        .contains(":2: `answer-within` must be from 1 to 280 seconds")
        .contains(":5: `accounts[0].provider` is not a provider Moongate knows")
        .contains("names ${NOT_SET}, which is not set")
        .contains("`accounts[0].mod` is not a setting; did you mean `mode`?")
        .contains(":8: `accounts[0].limits.running` must be a whole number")
        .contains(":9: `accounts[1].name` is used by another account already")
        .contains("subscription plan")
        .contains(":12: `accounts[2].name` is that of the built-in sandbox")
        .contains("MOONGATE_PORT must be a port")
        .contains("./moongate keys new")
        .doesNotContain("hunter2")
        .doesNotContain("sk-sp-secret");
  }

  @Test
  void keyThatTwoAccountsHaveIsToldWithBothAndNotShown(@TempDir Path secrets) throws IOException {
    Path file = Files.writeString(secrets.resolve("key"), "sk-hunter2\n");
    assertThat(
            problems(
                """
                accounts:
                  - { name: beijing, provider: dashscope, api-keys: ["sk-other", "sk-hunter2"] }
                  - name: wide
                    provider: dashscope
                    api-keys: ["${file:%s}", "${KEY}"]
                  - { name: third, provider: dashscope, api-keys: ["sk-third", "sk-third"] }
                """
                    .formatted(file),
                Map.of("KEY", "sk-hunter2")))
        .singleElement(InstanceOfAssertFactories.STRING)
        .contains(
            "`accounts[1].api-keys` holds, for account wide, a key that account beijing has too")
        .doesNotContain("hunter2");
  }

  @Test
  void sandboxIsNotServedToOthersByAccident() {
    assertThat(problems("", Map.of("MOONGATE_HOST", "0.0.0.0")).getFirst())
        .contains("DASHSCOPE_API_KEY")
        .contains("--sandbox");
    assertThat(read(Map.of(), new Flags(null, "0.0.0.0", null, null, null, true)).sandbox())
        .isTrue();
  }

  @Test
  void emptyListOfAccountsLeavesTheOneOfTheEnvironment() throws IOException {
    MoongateSettings settings = file("accounts: []", Map.of("DASHSCOPE_API_KEY", "sk-x"));
    assertThat(settings.sandbox()).isFalse();
    assertThat(settings.accounts().getFirst().keys().getFirst().secret()).isEqualTo("sk-x");
  }

  @Test
  void keyOfTheEnvironmentThatNoAccountUsesIsTold() throws IOException {
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    Logger logger = (Logger) LoggerFactory.getLogger(EnvironmentAccount.class);
    log.start();
    logger.addAppender(log);
    try {
      String account = "accounts: [{ name: a, provider: dashscope, api-keys: [\"%s\"] }]";
      file(account.formatted("${DASHSCOPE_API_KEY}"), Map.of("DASHSCOPE_API_KEY", "sk-x"));
      assertThat(log.list).isEmpty();
      file(account.formatted("sk-y"), Map.of("DASHSCOPE_API_KEY", "sk-x"));
      assertThat(log.list)
          .singleElement()
          .asString()
          .contains("DASHSCOPE_API_KEY is set but not used")
          .doesNotContain("sk-");
    } finally {
      logger.detachAppender(log);
    }
  }

  @Test
  void misspeltLimitIsToldWithTheNearestEvenBesideAWrongOne() {
    String account =
        "accounts: [{ name: a, provider: dashscope, api-keys: [k], limits: { submits-per-seconds: 5, running: 0 } }]";
    assertThat(String.join("\n", problems(account, Map.of())))
        .contains("submits-per-seconds` is not a setting; did you mean `submits-per-second`?");
  }

  @Test
  void fileThatIsNoYamlIsToldWithThePlaceAndNothingOfIt() {
    assertThat(problems("currency: CNY\nsecret: hunter2: x\n", Map.of()))
        .singleElement(InstanceOfAssertFactories.STRING)
        .contains("is not valid YAML at line 2, column 16")
        .doesNotContain("hunter2");
  }

  @Test
  void wrongValueOfAFlagIsBlamedOnTheFlag() {
    SettingsException e =
        catchThrowableOfType(
            SettingsException.class,
            () -> read(Map.of(), new Flags("99999", null, null, null, "ftp://x", false)));
    assertThat(String.join("\n", e.problems()))
        .contains("--port must be a port", "--public-url must be")
        .doesNotContain("MOONGATE_");
  }

  @Test
  void keyOfOurMakingIsTheAdminKey() {
    String key = Key.generate(new SecureRandom()).text();
    assertThat(read(Map.of("MOONGATE_API_KEY", key), Flags.NONE).adminKey()).isEqualTo(key);
  }

  @ParameterizedTest
  @CsvSource({
    "http://proxy.example:3128,http://proxy.example:3128",
    "https://proxy.example/,https://proxy.example/",
    "proxy.example:3128,http://proxy.example:3128",
    "http://u:p%40ss@10.0.0.1:3128,http://u:p%40ss@10.0.0.1:3128",
    "http://[fd00::1]:3128,http://[fd00::1]:3128"
  })
  void proxyIsReadInUpperOrLowerCase(String written, URI proxy) {
    for (String name : List.of("HTTPS_PROXY", "https_proxy")) {
      Egress egress =
          read(Map.of(name, written, "no_proxy", " .a.example, 10.0.0.0/8,,b:1 "), Flags.NONE)
              .egress();
      assertThat(egress).isEqualTo(new Egress(proxy, List.of(".a.example", "10.0.0.0/8", "b:1")));
    }
    assertThat(read(Map.of("HTTPS_PROXY", " "), Flags.NONE).egress()).isEqualTo(Egress.DIRECT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "socks5://user:hunter2@proxy.example:1080",
        "http://user:hunter2@@proxy.example:3128",
        "http://user:hunter2#@proxy.example:3128",
        "http://user:hunter2%@proxy.example:3128",
        "http://user:hunter2@proxy.example:99999",
        "http://user:hunter2@proxy.example:3128/path",
        "http://user:hunter2@:3128",
        "user:hunter2"
      })
  void proxyThatIsNoneStopsTheStartAndItsPasswordIsNotTold(String written) {
    List<String> problems = problems("", Map.of("HTTPS_PROXY", written));
    assertThat(problems).singleElement().asString().contains("HTTPS_PROXY", "percent-encoded");
    assertThat(problems.toString()).doesNotContain("hunter2");
  }

  @Test
  void theDatabaseIsSqliteUnlessTheEnvironmentOrTheFileNamesPostgresql() throws IOException {
    String url = "jdbc:postgresql://me:${PASS}@db/moongate";
    assertThat(read(Map.of(), Flags.NONE).database()).isNull();
    MoongateSettings settings = file("database: " + url, Map.of("PASS", "hunter2"));
    assertThat(settings.database()).isEqualTo("jdbc:postgresql://me:hunter2@db/moongate");
    assertThat(settings.toString()).doesNotContain("hunter2");
    assertThat(
            file(
                    "database: " + url,
                    Map.of("PASS", "x", "MOONGATE_DATABASE", "jdbc:postgresql://b/c"))
                .database())
        .isEqualTo("jdbc:postgresql://b/c");
  }

  @Test
  void aDatabaseOfAnotherMakeIsRefusedByItsKeyAndNotShown() {
    assertThat(problems("database: mysql://me:hunter2@db/x", Map.of()))
        .singleElement(InstanceOfAssertFactories.STRING)
        .contains(":1: `database` must start with jdbc:postgresql:")
        .doesNotContain("hunter2");
    assertThat(problems("", Map.of("MOONGATE_DATABASE", "postgres://me:hunter2@db/x")))
        .singleElement(InstanceOfAssertFactories.STRING)
        .contains("MOONGATE_DATABASE must start with jdbc:postgresql:")
        .doesNotContain("hunter2");
  }

  @Test
  void aCommandReadsTheDatabaseAloneAndNeedsNoOtherSecret() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("moongate.yaml"),
            """
            database: jdbc:postgresql://db/moongate
            accounts: [{ api-keys: ["${NOT_SET}"] }]
            """);
    SettingsReader reader = new SettingsReader(Map.of(), folder.resolve("data"));
    assertThat(reader.readDatabase(file.toString())).contains("jdbc:postgresql://db/moongate");
    assertThat(reader.readDatabase(null)).isEmpty();
  }

  @Test
  void docsNameEverySetting() throws IOException {
    String docs = Files.readString(Path.of("../docs/configuration.md"));
    for (String key :
        List.of(
            "public-url",
            "currency",
            "database",
            "answer-within",
            "stream-heartbeat",
            "link-life",
            "queue-for",
            "min-free-disk",
            "body",
            "bodies-in-memory",
            "accounts",
            "name",
            "provider",
            "base-url",
            "api-keys",
            "mode",
            "submit-timeout",
            "submits-per-second",
            "running",
            "polls-per-second",
            "image-hosts")) {
      assertThat(docs).contains(key + ":");
    }
  }

  private MoongateSettings read(Map<String, String> environment, Flags flags) {
    return new SettingsReader(environment, folder.resolve("data")).read(flags);
  }

  private MoongateSettings file(String yaml, Map<String, String> environment) throws IOException {
    Path file = Files.writeString(folder.resolve("moongate.yaml"), yaml);
    return read(environment, Flags.naming(file.toString()));
  }

  private List<String> problems(String yaml, Map<String, String> environment) {
    return catchThrowableOfType(SettingsException.class, () -> file(yaml, environment)).problems();
  }
}
