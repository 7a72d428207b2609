package dev.moongate.settings;

import dev.moongate.auth.Key;
import dev.moongate.generation.GenerationSettings;
import dev.moongate.http.HttpSettings;
import dev.moongate.provider.ApiKey;
import dev.moongate.provider.Egress;
import dev.moongate.settings.MoongateSettings.AccountSettings;
import dev.moongate.settings.MoongateSettings.AliasSettings;
import dev.moongate.settings.MoongateSettings.ModelSettings;
import dev.moongate.webhook.WebhookSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/** Composes the settings of flags, environment and moongate.yaml, in this order of authority. */
public final class SettingsReader {
  private static final Logger LOG = LoggerFactory.getLogger(SettingsReader.class);

  private final Map<String, String> environment;
  private final Path standardHome;

  /**
   * Makes a reader.
   *
   * @param standardHome the home if nobody names one
   */
  public SettingsReader(Map<String, String> environment, Path standardHome) {
    this.environment = environment;
    this.standardHome = standardHome;
  }

  /**
   * Reads everything.
   *
   * @throws SettingsException with every mistake there is
   */
  public MoongateSettings read(Flags flags) {
    Path home = Path.of(given(flags.home(), "MOONGATE_HOME").orElse(standardHome.toString()));
    Problems problems = problems(flags);
    Section file = file(flags, problems);

    HttpSettings http = http(file, flags, problems);
    String currency = currency(file);
    List<AccountSettings> accounts = new AccountReader(currency).read(file.sections("accounts"));
    Map<String, ModelSettings> models =
        ModelReader.read(file.section("models"), accounts, currency);
    Map<String, AliasSettings> aliases = AliasReader.read(file.section("aliases"));
    GenerationSettings generation = generation(file);
    WebhookSettings webhooks = webhooks(file);
    String database = database(file, problems).orElse(null);
    file.refuseUnknown();
    accounts = withEnvironment(accounts, problems);
    String adminKey = adminKey(problems);
    Egress egress = EgressReader.read(this::variable, problems);
    if (accounts.isEmpty() && !flags.sandbox() && !loopback(http.host())) {
      problems.add(
          "there is no provider account, so the sandbox would serve drawn pictures on "
              + http.host()
              + ": set DASHSCOPE_API_KEY, or say --sandbox if that is what you want");
    }
    if (flags.sandbox() && !accounts.isEmpty()) {
      problems.add(
          "--sandbox is given, but there are provider accounts too: take away one of them");
    }
    problems.throwIfAny();
    return new MoongateSettings(
        http,
        home,
        adminKey,
        accounts,
        generation,
        currency,
        egress,
        webhooks,
        database,
        models,
        aliases);
  }

  /**
   * Reads what is said of webhooks and nothing else: for commands beside a gateway, which has its
   * own flags and environment.
   *
   * @throws SettingsException with every mistake in that part
   */
  public WebhookSettings readWebhooks(Flags flags) {
    Problems problems = problems(flags);
    WebhookSettings webhooks = webhooks(file(flags, problems));
    problems.throwIfAny();
    return webhooks;
  }

  private Problems problems(Flags flags) {
    return new Problems(given(flags.config(), "MOONGATE_CONFIG").orElse("moongate.yaml"));
  }

  private Section file(Flags flags, Problems problems) {
    Node tree =
        given(flags.config(), "MOONGATE_CONFIG")
            .map(config -> tree(Path.of(config), problems))
            .orElse(null);
    return new Section("", tree, problems, new Substitution(environment));
  }

  /**
   * Reads which database there is and nothing else, so that a command needs no secret of the
   * gateway's.
   *
   * @param config the configuration file that a flag names; null if none does
   * @return the JDBC URL of a PostgreSQL; empty for SQLite in the home
   * @throws SettingsException if it is not one
   */
  public Optional<String> readDatabase(@Nullable String config) {
    String name = given(config, "MOONGATE_CONFIG").orElse(null);
    Problems problems = new Problems(name == null ? "moongate.yaml" : name);
    Node tree = name == null ? null : tree(Path.of(name), problems);
    Section file = new Section("", tree, problems, new Substitution(environment));
    Optional<String> database = database(file, problems);
    problems.throwIfAny();
    return database;
  }

  /**
   * Reads the credentials at providers and nothing else, as far as they can be read.
   *
   * @param config the configuration file that a flag names; null if none does
   */
  public ProviderKeys readProviderKeys(@Nullable String config) {
    Flags flags = new Flags(null, null, null, config, null, false);
    Problems problems = problems(flags);
    Section file = file(flags, problems);
    List<ApiKey> keys =
        withEnvironment(new AccountReader("CNY").read(file.sections("accounts")), problems).stream()
            .flatMap(account -> account.keys().stream())
            .toList();
    return new ProviderKeys(keys, problems.all());
  }

  /**
   * Credentials at providers.
   *
   * @param problems why some may be missing
   */
  public record ProviderKeys(List<ApiKey> keys, List<String> problems) {
    public ProviderKeys {
      keys = List.copyOf(keys);
      problems = List.copyOf(problems);
    }
  }

  /**
   * Reads the ledger's currency and nothing else, as {@link #readDatabase} does.
   *
   * @param config the configuration file that a flag names; null if none does
   */
  public String readCurrency(@Nullable String config) {
    Flags flags = new Flags(null, null, null, config, null, false);
    Problems problems = problems(flags);
    String currency = currency(file(flags, problems));
    problems.throwIfAny();
    return currency;
  }

  private static String currency(Section file) {
    return file.value("currency", SettingsReader::currency).orElse("CNY");
  }

  private Optional<String> database(Section file, Problems problems) {
    Optional<String> fromFile = file.value("database", Values::database);
    return parsed("MOONGATE_DATABASE", variable("MOONGATE_DATABASE"), Values::database, problems)
        .or(() -> fromFile);
  }

  private HttpSettings http(Section file, Flags flags, Problems problems) {
    HttpSettings usual = HttpSettings.DEFAULTS;
    Optional<URI> fromFile = file.value("public-url", Values::url);
    Optional<URI> publicUrl =
        parsed(
                source(flags.publicUrl(), "--public-url", "MOONGATE_PUBLIC_URL"),
                given(flags.publicUrl(), "MOONGATE_PUBLIC_URL"),
                Values::url,
                problems)
            .or(() -> fromFile);
    Section limits = file.section("limits");
    long body = limits.value("body", Values::bytes).orElse(usual.bodyLimit());
    long form = limits.value("form", Values::bytes).orElse(usual.formLimit());
    long bodies = limits.value("bodies-in-memory", Values::bytes).orElse(usual.bodiesInMemory());
    limits.refuseUnknown();
    Duration answerWithin =
        file.value(
                "answer-within",
                text -> Values.within(text, Duration.ofSeconds(1), Duration.ofSeconds(280)))
            .orElse(usual.answerWithin());
    Duration heartbeat =
        file.value(
                "stream-heartbeat",
                text -> Values.within(text, Duration.ofSeconds(1), Duration.ofSeconds(60)))
            .orElse(usual.heartbeat());
    Duration linkLife =
        file.value(
                "link-life",
                text -> Values.within(text, Duration.ofSeconds(1), Duration.ofDays(365)))
            .orElse(usual.linkLife());
    int port =
        parsed(
                source(flags.port(), "--port", "MOONGATE_PORT"),
                given(flags.port(), "MOONGATE_PORT"),
                Values::port,
                problems)
            .orElse(usual.port());
    String host = given(flags.host(), "MOONGATE_HOST").orElse(usual.host());
    return new HttpSettings(
        host,
        port,
        publicUrl.orElse(null),
        answerWithin,
        heartbeat,
        linkLife,
        body,
        form,
        bodies,
        origins(file.section("cors")));
  }

  private static List<String> origins(Section cors) {
    List<String> origins = cors.values("origins", Values::origin);
    cors.refuseUnknown();
    return origins;
  }

  private static GenerationSettings generation(Section file) {
    GenerationSettings usual = GenerationSettings.DEFAULTS;
    Duration queueFor =
        file.value(
                "queue-for", text -> Values.within(text, Duration.ofSeconds(1), Duration.ofDays(7)))
            .orElse(usual.queueFor());
    long minFreeDisk = file.value("min-free-disk", Values::bytes).orElse(usual.minFreeDisk());
    Duration reconcileAfter =
        file.value(
                "reconcile-after",
                text -> Values.within(text, Duration.ofSeconds(1), Duration.ofHours(1)))
            .orElse(usual.reconcileAfter());
    Duration keepFor =
        file.value(
                "keep-for", text -> Values.within(text, Duration.ofHours(1), Duration.ofDays(3650)))
            .orElse(usual.keepFor());
    return new GenerationSettings(
        queueFor,
        usual.firstPoll(),
        usual.pollEvery(),
        usual.faultRetries(),
        usual.linkLife(),
        usual.longestQueue(),
        minFreeDisk,
        reconcileAfter,
        keepFor);
  }

  private static WebhookSettings webhooks(Section file) {
    Section webhooks = file.section("webhooks");
    boolean allowPrivate =
        webhooks
            .value("allow-private", Values::truth)
            .orElse(WebhookSettings.DEFAULTS.allowPrivate());
    webhooks.refuseUnknown();
    return new WebhookSettings(allowPrivate);
  }

  private List<AccountSettings> withEnvironment(List<AccountSettings> accounts, Problems problems) {
    Optional<URI> baseUrl =
        parsed("DASHSCOPE_BASE_URL", variable("DASHSCOPE_BASE_URL"), Values::url, problems);
    Optional<String> key = variable("DASHSCOPE_API_KEY");
    if (key.isEmpty()) {
      return accounts;
    }
    if (!accounts.isEmpty()) {
      boolean used =
          accounts.stream()
              .flatMap(account -> account.keys().stream())
              .map(ApiKey::secret)
              .anyMatch(key.orElseThrow()::equals);
      if (!used) {
        LOG.warn(
            "DASHSCOPE_API_KEY is set but not used: the configuration file names the accounts");
      }
      return accounts;
    }
    return List.of(AccountReader.fromEnvironment(key.orElseThrow(), baseUrl.orElse(null)));
  }

  private @Nullable String adminKey(Problems problems) {
    Optional<String> key = variable("MOONGATE_API_KEY");
    if (key.isPresent() && key.flatMap(Key::parse).isEmpty()) {
      problems.add(
          "MOONGATE_API_KEY is not a key of Moongate's making; `./moongate keys new` prints one");
    }
    return key.orElse(null);
  }

  private static @Nullable Node tree(Path config, Problems problems) {
    try {
      LoadSettings settings = LoadSettings.builder().setLabel(config.toString()).build();
      return new Compose(settings).composeString(Files.readString(config)).orElse(null);
    } catch (IOException e) {
      problems.add("the configuration file " + config + " cannot be read");
    } catch (YamlEngineException e) {
      // Its message quotes the file, and the file may hold secrets; its mark is only a place.
      Optional<Mark> place =
          e instanceof MarkedYamlEngineException marked
              ? marked.getProblemMark()
              : Optional.empty();
      problems.add(
          "the configuration file %s is not valid YAML%s"
              .formatted(
                  config,
                  place
                      .map(mark ->
                          " at line %d, column %d"
                              .formatted(mark.getLine() + 1, mark.getColumn() + 1))
                      .orElse("")));
    }
    return null;
  }

  private static String source(@Nullable String flag, String option, String variable) {
    return flag == null ? variable : option;
  }

  private Optional<String> given(@Nullable String flag, String variable) {
    return flag == null ? variable(variable) : Optional.of(flag);
  }

  private Optional<String> variable(String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
  }

  private static <T> Optional<T> parsed(
      String name, Optional<String> text, Function<String, T> parse, Problems problems) {
    try {
      return text.map(parse);
    } catch (IllegalArgumentException e) {
      problems.add(name + " " + e.getMessage());
      return Optional.empty();
    }
  }

  private static String currency(String text) {
    if (text.equals("CNY") || text.equals("USD")) {
      return text;
    }
    throw new IllegalArgumentException("must be CNY or USD, the currencies that have prices");
  }

  private static boolean loopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
