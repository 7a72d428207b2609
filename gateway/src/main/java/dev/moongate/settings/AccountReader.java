package dev.moongate.settings;

import dev.moongate.model.Money;
import dev.moongate.provider.ApiKey;
import dev.moongate.provider.ImageProvider;
import dev.moongate.routing.Account;
import dev.moongate.settings.MoongateSettings.AccountSettings;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads {@code accounts}. */
final class AccountReader {
  private static final String DASHSCOPE = "https://dashscope.aliyuncs.com/api/v1";

  /** Keys of the vendor's subscription plan; the pay-as-you-go hosts answer them with a 401. */
  private static final String PLAN_KEY = "sk-sp-";

  private final String currency;
  private final Set<String> names = new HashSet<>();

  /** Which account has which key. */
  private final Map<String, String> owners = new HashMap<>();

  /**
   * @param currency of the ledger, in which costs are told
   */
  AccountReader(String currency) {
    this.currency = currency;
  }

  List<AccountSettings> read(List<Section> sections) {
    List<AccountSettings> accounts = new ArrayList<>();
    sections.forEach(section -> read(section).ifPresent(accounts::add));
    return accounts;
  }

  /** The one account of an environment without a file. */
  static AccountSettings fromEnvironment(String key, @Nullable URI baseUrl) {
    return new AccountSettings(
        "dashscope",
        "dashscope",
        baseUrl == null ? URI.create(DASHSCOPE) : apiBase(baseUrl),
        List.of(new ApiKey(key)),
        ImageProvider.Mode.ASYNC,
        Account.Limits.DASHSCOPE,
        List.of());
  }

  private Optional<AccountSettings> read(Section section) {
    Optional<String> name = section.text("name");
    if (name.isEmpty()) {
      section.problem("name", "is missing: logs and generations name an account by it");
    } else if (name.orElseThrow().equals(Account.SANDBOX)) {
      section.problem("name", "is that of the built-in sandbox; choose another");
    } else if (!names.add(name.orElseThrow())) {
      section.problem("name", "is used by another account already");
    }
    Optional<String> provider = section.value("provider", AccountReader::provider);
    if (!section.has("provider")) {
      section.problem("provider", "is missing; there is: dashscope");
    }
    Optional<URI> baseUrl = section.value("base-url", Values::url).map(AccountReader::apiBase);
    List<String> keys = section.texts("api-keys");
    if (!section.hasItems("api-keys")) {
      section.problem("api-keys", "is missing: a list with at least one key");
    }
    if (keys.stream().anyMatch(key -> key.isBlank() || !key.matches("[\\x21-\\x7e]+"))) {
      section.problem(
          "api-keys", "holds a key that is empty or has spaces or odd characters in it");
    }
    name.ifPresent(own -> refuseSharedKeys(section, own, keys));
    URI base = baseUrl.orElse(URI.create(DASHSCOPE));
    boolean planHost = String.valueOf(base.getHost()).startsWith("token-plan.");
    if (keys.stream().anyMatch(key -> key.startsWith(PLAN_KEY)) && !planHost) {
      section.problem(
          "api-keys",
          "holds a key of a subscription plan (sk-sp-...), which this host does not accept");
    }
    ImageProvider.Mode mode =
        section.value("mode", AccountReader::mode).orElse(ImageProvider.Mode.ASYNC);
    Duration submitTimeout =
        section
            .within("submit-timeout", Duration.ofSeconds(1), Duration.ofMinutes(10))
            .orElse(mode.submitTimeout());
    Account.Limits limits = limits(section.section("limits"));
    List<String> hosts = section.texts("image-hosts");
    Map<String, Money> costs = new HashMap<>();
    Section told = section.section("costs");
    for (String model : told.keys()) {
      told.value(model, text -> Money.parse(text, currency))
          .ifPresent(cost -> costs.put(model, cost));
    }
    section.refuseUnknown();
    if (name.isEmpty() || provider.isEmpty() || keys.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new AccountSettings(
            name.orElseThrow(),
            provider.orElseThrow(),
            base,
            keys.stream().map(ApiKey::new).toList(),
            mode,
            limits,
            hosts,
            costs,
            submitTimeout));
  }

  /**
   * A key has one submit in flight at most, and that is kept account by account: with two accounts
   * nobody could tell whose a task is.
   */
  private void refuseSharedKeys(Section section, String name, List<String> keys) {
    keys.stream()
        .map(key -> owners.putIfAbsent(key, name))
        .filter(owner -> owner != null && !owner.equals(name))
        .distinct()
        .forEach(owner ->
            section.problem(
                "api-keys",
                "holds, for account %s, a key that account %s has too; give each its own"
                    .formatted(name, owner)));
  }

  /**
   * What stands before {@code /services} and {@code /tasks}; people give it with or without
   * /api/v1.
   */
  private static URI apiBase(URI given) {
    String text = given.toString().replaceAll("/+$", "");
    return URI.create(text.endsWith("/api/v1") ? text : text + "/api/v1");
  }

  private static String provider(String text) {
    if (text.equals("dashscope")) {
      return text;
    }
    throw new IllegalArgumentException("is not a provider Moongate knows; there is: dashscope");
  }

  private static ImageProvider.Mode mode(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "async" -> ImageProvider.Mode.ASYNC;
      case "sync" -> ImageProvider.Mode.SYNC;
      default -> throw new IllegalArgumentException("must be async or sync");
    };
  }

  private static Account.Limits limits(Section section) {
    Account.Limits limits =
        new Account.Limits(
            limit(section, "submits-per-second", Account.Limits.DASHSCOPE.submitsPerSecond()),
            limit(section, "running", Account.Limits.DASHSCOPE.running()),
            limit(section, "polls-per-second", Account.Limits.DASHSCOPE.pollsPerSecond()));
    section.refuseUnknown();
    return limits;
  }

  private static @Nullable Integer limit(Section section, String key, @Nullable Integer usual) {
    if (!section.has(key)) {
      return usual;
    }
    return section
        .value(
            key,
            text ->
                text.equals("none")
                    ? Optional.<Integer>empty()
                    : Optional.of(Values.positive(text)))
        .flatMap(limit -> limit)
        .orElse(null);
  }
}
