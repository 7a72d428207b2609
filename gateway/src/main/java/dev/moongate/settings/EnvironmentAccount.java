package dev.moongate.settings;

import dev.moongate.provider.ApiKey;
import dev.moongate.settings.MoongateSettings.AccountSettings;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads {@code DASHSCOPE_API_KEY}: the one account of a gateway whose file names none. */
final class EnvironmentAccount {
  private static final Logger LOG = LoggerFactory.getLogger(EnvironmentAccount.class);

  private EnvironmentAccount() {}

  /** The accounts of the file, or else the environment's; empty if there is neither. */
  static List<AccountSettings> insteadOfNone(
      List<AccountSettings> accounts, Environment environment, Problems problems) {
    Optional<URI> baseUrl = environment.value("DASHSCOPE_BASE_URL", Values::url, problems);
    Optional<String> key = environment.variable("DASHSCOPE_API_KEY");
    if (key.isEmpty()) {
      return accounts;
    }
    if (accounts.isEmpty()) {
      return List.of(AccountReader.fromEnvironment(key.orElseThrow(), baseUrl.orElse(null)));
    }
    boolean used =
        accounts.stream()
            .flatMap(account -> account.keys().stream())
            .map(ApiKey::secret)
            .anyMatch(key.orElseThrow()::equals);
    if (!used) {
      LOG.warn("DASHSCOPE_API_KEY is set but not used: the configuration file names the accounts");
    }
    return accounts;
  }
}
