package dev.moongate.settings;

import dev.moongate.generation.GenerationSettings;
import dev.moongate.http.HttpSettings;
import dev.moongate.provider.ApiKey;
import dev.moongate.provider.Egress;
import dev.moongate.provider.ImageProvider;
import dev.moongate.routing.Account;
import dev.moongate.webhook.WebhookSettings;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
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
    @Nullable String database) {
  public MoongateSettings {
    accounts = List.copyOf(accounts);
  }

  /** Whether the built-in upstream serves. */
  public boolean sandbox() {
    return accounts.isEmpty();
  }

  @Override
  public String toString() {
    return "MoongateSettings[home=" + home + ", accounts=" + accounts + "]";
  }

  /** One entry of {@code accounts}. */
  public record AccountSettings(
      String name,
      String provider,
      URI baseUrl,
      List<ApiKey> keys,
      ImageProvider.Mode mode,
      Account.Limits limits,
      List<String> imageHosts) {}
}
