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
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Composes the settings of flags, environment and moongate.yaml, in this order of authority. */
public final class SettingsReader {
  private final Environment environment;
  private final Path standardHome;

  /**
   * Makes a reader.
   *
   * @param standardHome the home if nobody names one
   */
  public SettingsReader(Map<String, String> environment, Path standardHome) {
    this.environment = new Environment(environment);
    this.standardHome = standardHome;
  }

  /**
   * Reads everything.
   *
   * @throws SettingsException with every mistake there is
   */
  public MoongateSettings read(Flags flags) {
    Path home =
        Path.of(environment.given(flags.home(), "MOONGATE_HOME").orElse(standardHome.toString()));
    Problems problems = problems(flags);
    Section file = file(flags, problems);

    HttpSettings http = HttpReader.read(file, flags, environment, problems);
    String currency = currency(file);
    List<AccountSettings> accounts = new AccountReader(currency).read(file.sections("accounts"));
    Map<String, ModelSettings> models =
        ModelReader.read(file.section("models"), accounts, currency);
    Map<String, AliasSettings> aliases = AliasReader.read(file.section("aliases"));
    GenerationSettings generation = GenerationReader.read(file);
    WebhookSettings webhooks = WebhookReader.read(file.section("webhooks"));
    String database = database(file, problems).orElse(null);
    file.refuseUnknown();
    accounts = EnvironmentAccount.insteadOfNone(accounts, environment, problems);
    String adminKey = adminKey(problems);
    Egress egress = EgressReader.read(environment::variable, problems);
    refuseAccidentalSandbox(flags, accounts, http.host(), problems);
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
   * @param config the configuration file that a flag names; null if none does
   * @throws SettingsException with every mistake in that part
   */
  public WebhookSettings readWebhooks(@Nullable String config) {
    return readOnly(config, (file, _) -> WebhookReader.read(file.section("webhooks")));
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
    return readOnly(config, this::database);
  }

  /**
   * Reads the ledger's currency and nothing else, as {@link #readDatabase} does.
   *
   * @param config the configuration file that a flag names; null if none does
   */
  public String readCurrency(@Nullable String config) {
    return readOnly(config, (file, _) -> currency(file));
  }

  /**
   * Reads the credentials at providers and nothing else, as far as they can be read.
   *
   * @param config the configuration file that a flag names; null if none does
   */
  public ProviderKeys readProviderKeys(@Nullable String config) {
    Flags flags = Flags.naming(config);
    Problems problems = problems(flags);
    Section file = file(flags, problems);
    List<AccountSettings> accounts = new AccountReader("CNY").read(file.sections("accounts"));
    List<ApiKey> keys =
        EnvironmentAccount.insteadOfNone(accounts, environment, problems).stream()
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

  private <T> T readOnly(@Nullable String config, BiFunction<Section, Problems, T> part) {
    Flags flags = Flags.naming(config);
    Problems problems = problems(flags);
    T read = part.apply(file(flags, problems), problems);
    problems.throwIfAny();
    return read;
  }

  private Problems problems(Flags flags) {
    return new Problems(config(flags).orElse("moongate.yaml"));
  }

  private Section file(Flags flags, Problems problems) {
    return config(flags)
        .map(
            config -> ConfigurationFile.read(Path.of(config), problems, environment.substitution()))
        .orElseGet(() -> ConfigurationFile.none(problems, environment.substitution()));
  }

  private Optional<String> config(Flags flags) {
    return environment.given(flags.config(), "MOONGATE_CONFIG");
  }

  private static String currency(Section file) {
    return file.value("currency", Values::currency).orElse("CNY");
  }

  private Optional<String> database(Section file, Problems problems) {
    Optional<String> fromFile = file.value("database", Values::database);
    return environment.value("MOONGATE_DATABASE", Values::database, problems).or(() -> fromFile);
  }

  private @Nullable String adminKey(Problems problems) {
    Optional<String> key = environment.variable("MOONGATE_API_KEY");
    if (key.isPresent() && key.flatMap(Key::parse).isEmpty()) {
      problems.add(
          "MOONGATE_API_KEY is not a key of Moongate's making; `./moongate keys new` prints one");
    }
    return key.orElse(null);
  }

  private static void refuseAccidentalSandbox(
      Flags flags, List<AccountSettings> accounts, String host, Problems problems) {
    if (accounts.isEmpty() && !flags.sandbox() && !loopback(host)) {
      problems.add(
          "there is no provider account, so the sandbox would serve drawn pictures on "
              + host
              + ": set DASHSCOPE_API_KEY, or say --sandbox if that is what you want");
    }
    if (flags.sandbox() && !accounts.isEmpty()) {
      problems.add(
          "--sandbox is given, but there are provider accounts too: take away one of them");
    }
  }

  private static boolean loopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
