package dev.moongate;

import dev.moongate.generation.DoubtRows;
import dev.moongate.provider.ApiKey;
import dev.moongate.provider.ImageProvider;
import dev.moongate.routing.Account;
import dev.moongate.sandbox.Sandbox;
import dev.moongate.settings.MoongateSettings.AccountSettings;
import java.net.URI;
import java.util.List;

/** The built-in upstream as an account like any other. */
final class SandboxAccount {
  private SandboxAccount() {}

  static AccountSettings of(Sandbox sandbox, DoubtRows doubts) {
    ApiKey key = new ApiKey("sk-sandbox");
    // A provider's name of a key is learnt from its first task; the sandbox just tells it.
    doubts.learn(Account.SANDBOX, key.reference(), Sandbox.keyName(key.secret()));
    return new AccountSettings(
        Account.SANDBOX,
        "dashscope",
        URI.create(sandbox.baseUrl()),
        List.of(key),
        ImageProvider.Mode.ASYNC,
        Account.Limits.DASHSCOPE,
        List.of());
  }
}
