package dev.moongate.settings;

import dev.moongate.generation.GenerationSettings;
import dev.moongate.http.HttpSettings;
import dev.moongate.model.Money;
import dev.moongate.provider.ApiKey;
import dev.moongate.provider.Egress;
import dev.moongate.provider.ImageProvider;
import dev.moongate.routing.Account;
import dev.moongate.webhook.WebhookSettings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All that a gateway is told, checked.
 *
 * @param home the folder of database and pictures
 * @param adminKey the key from {@code MOONGATE_API_KEY}; null if none was given
 * @param accounts empty if the sandbox is the upstream
 * @param currency of the ledger, ISO 4217
 * @param egress the way to the outside, from {@code HTTPS_PROXY} and {@code NO_PROXY}
 * @param database the JDBC URL of a PostgreSQL, with its password; null for SQLite in the home
 * @param models what is said of some models, by their names
 * @param aliases other names for models, in their order
 */
public record MoongateSettings(
    HttpSettings http,
    Path home,
    @Nullable String adminKey,
    List<AccountSettings> accounts,
    GenerationSettings generation,
    String currency,
    Egress egress,
    WebhookSettings webhooks,
    @Nullable String database,
    Map<String, ModelSettings> models,
    Map<String, AliasSettings> aliases) {
  public MoongateSettings {
    accounts = List.copyOf(accounts);
    models = Map.copyOf(models);
    aliases = Collections.unmodifiableMap(new LinkedHashMap<>(aliases));
  }

  /** Whether the built-in upstream serves. */
  public boolean sandbox() {
    return accounts.isEmpty();
  }

  @Override
  public String toString() {
    return "MoongateSettings[home=" + home + ", accounts=" + accounts + "]";
  }

  /**
   * One entry of {@code models}.
   *
   * @param accounts names of accounts in the order in which they are tried; empty for all
   * @param price of a picture in the ledger's currency; null for the catalogue's
   */
  public record ModelSettings(List<String> accounts, @Nullable Money price) {
    public ModelSettings {
      accounts = List.copyOf(accounts);
    }
  }

  /**
   * One entry of {@code aliases}.
   *
   * @param defaults what its requests mean where they do not say, as it was written
   */
  public record AliasSettings(String model, Map<String, String> defaults) {
    public AliasSettings {
      defaults = Collections.unmodifiableMap(new LinkedHashMap<>(defaults));
    }
  }

  /**
   * One entry of {@code accounts}.
   *
   * @param costs what the provider takes for a picture, by model, where it is not its list price
   * @param submitTimeout how long the answer to a submit is waited for
   */
  public record AccountSettings(
      String name,
      String provider,
      URI baseUrl,
      List<ApiKey> keys,
      ImageProvider.Mode mode,
      Account.Limits limits,
      List<String> imageHosts,
      Map<String, Money> costs,
      Duration submitTimeout) {
    public AccountSettings {
      costs = Map.copyOf(costs);
    }

    /** At the provider's list prices, with the patience of the mode. */
    public AccountSettings(
        String name,
        String provider,
        URI baseUrl,
        List<ApiKey> keys,
        ImageProvider.Mode mode,
        Account.Limits limits,
        List<String> imageHosts) {
      this(name, provider, baseUrl, keys, mode, limits, imageHosts, Map.of(), mode.submitTimeout());
    }
  }
}
