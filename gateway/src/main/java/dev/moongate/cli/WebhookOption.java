package dev.moongate.cli;

import dev.moongate.settings.SettingsReader;
import dev.moongate.webhook.Webhook;
import dev.moongate.webhook.WebhookRows;
import dev.moongate.webhook.WebhookSecret;
import dev.moongate.webhook.WebhookSettings;
import dev.moongate.webhook.WebhookUrl;
import java.io.PrintWriter;
import java.net.URI;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A key's webhook as an option. */
final class WebhookOption {
  @Option(
      names = "--webhook",
      paramLabel = "URL",
      description = "is told how the key's generations end; prints its secret too")
  private @Nullable String url;

  /** Refuses a URL that no webhook may have. */
  void check(HomeOptions home) {
    if (url == null || Given.none(url)) {
      return;
    }
    WebhookSettings settings =
        new SettingsReader(Moongate.environment(), Moongate.standardHome())
            .readWebhooks(home.config());
    WebhookUrl.refusalOf(url, settings)
        .ifPresent(rule -> {
          throw new CliException("The webhook URL " + rule);
        });
  }

  /** Sets it and prints its secret, or takes it away; does nothing if nothing was given. */
  void apply(WebhookRows rows, String keyId, PrintWriter out) {
    if (url == null) {
      return;
    }
    if (Given.none(url)) {
      rows.unregister(keyId, HomeCommand.ACTOR);
      return;
    }
    Webhook webhook = new Webhook(URI.create(url), WebhookSecret.generate(new SecureRandom()));
    rows.register(keyId, webhook, HomeCommand.ACTOR);
    out.println(webhook.secret().text());
  }
}
