package dev.moongate.cli;

import dev.moongate.HomeDatabase;
import dev.moongate.auth.Key;
import dev.moongate.auth.KeyMaker;
import dev.moongate.auth.KeyTerms;
import dev.moongate.auth.Keys;
import dev.moongate.auth.Role;
import dev.moongate.settings.Flags;
import dev.moongate.settings.SettingsReader;
import dev.moongate.webhook.Webhook;
import dev.moongate.webhook.WebhookSecret;
import dev.moongate.webhook.WebhookSettings;
import dev.moongate.webhook.WebhookUrl;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code moongate keys}: works on the home's database, also while a gateway runs on it. */
@Command(
    name = "keys",
    mixinStandardHelpOptions = true,
    description = "Makes and lists the keys that callers use.",
    subcommands = CommandLine.HelpCommand.class)
final class KeysCommand {
  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Command(
      name = "new",
      description = "Prints a new key and keeps nothing: for MOONGATE_API_KEY. Needs no gateway.")
  int make() {
    spec.commandLine().getOut().println(maker().newKey().text());
    return 0;
  }

  @Command(name = "add", description = "Makes a key, keeps its hash, and shows it this once.")
  int add(
      @Parameters(paramLabel = "NAME", description = "what the key is for") String name,
      @Option(names = "--admin", description = "may also administer") boolean admin,
      @Option(
              names = "--expires",
              paramLabel = "DAYS",
              description = "stops working after this many days")
          @Nullable Integer days,
      @Option(
              names = "--answer-within",
              paramLabel = "SECONDS",
              description = "its requests wait no longer; behind a CDN that cuts at 100 s, say 95")
          @Nullable Integer answerWithin,
      @Option(
              names = "--webhook",
              paramLabel = "URL",
              description = "is told how the key's generations end; prints its secret too")
          @Nullable String webhook,
      @Mixin HomeOptions home)
      throws IOException {
    if (days != null && (days < 1 || days > 36_500)) {
      throw new CliException("--expires takes a number of days from 1 on");
    }
    if (answerWithin != null && (answerWithin < 1 || answerWithin > 280)) {
      throw new CliException("--answer-within takes a number of seconds from 1 to 280");
    }
    Key key = maker().newKey();
    Instant expires = days == null ? null : Moongate.clock().instant().plus(Duration.ofDays(days));
    Webhook target = webhook == null ? null : webhook(webhook, home.config());
    KeyTerms terms =
        KeyTerms.of(admin ? Role.ADMIN : Role.MEMBER)
            .answeringWithin(answerWithin == null ? null : Duration.ofSeconds(answerWithin));
    Keys.KeyRow row = maker().row(key, name, terms, "keys-add", expires);
    try (HomeDatabase database = home.open()) {
      database.keys().add(row, "cli");
      if (target != null) {
        database.webhooks().register(row.id(), target, "cli");
      }
    }
    spec.commandLine().getOut().println(key.text());
    if (target != null) {
      spec.commandLine().getOut().println(target.secret().text());
    }
    return 0;
  }

  private static Webhook webhook(String url, @Nullable String config) {
    WebhookSettings settings =
        new SettingsReader(Moongate.environment(), Moongate.standardHome())
            .readWebhooks(new Flags(null, null, null, config, null, false));
    WebhookUrl.refusalOf(url, settings)
        .ifPresent(rule -> {
          throw new CliException("The webhook URL " + rule);
        });
    return new Webhook(URI.create(url), WebhookSecret.generate(new SecureRandom()));
  }

  @Command(
      name = "list",
      description = "Lists the keys: their ids, names and ends, never themselves.")
  int list(@Mixin HomeOptions home) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    try (HomeDatabase database = home.open()) {
      Map<String, URI> webhooks = database.webhooks().urls();
      out.printf("%-20s  %-20s  %-12s  %-9s  %s%n", "ID", "NAME", "KEY", "ROLE", "STATE");
      for (Keys.KeyRow row : database.keys().list()) {
        out.printf(
            "%-20s  %-20s  %-12s  %-9s  %s%n",
            row.id(),
            row.name(),
            "..." + row.lastFour(),
            row.terms().role().wireName(),
            state(row) + webhook(webhooks.get(row.id())));
      }
    }
    return 0;
  }

  @Command(name = "disable", description = "Makes a key stop working, at once.")
  int disable(
      @Parameters(paramLabel = "ID", description = "as `keys list` shows it") String id,
      @Mixin HomeOptions home)
      throws IOException {
    try (HomeDatabase database = home.open()) {
      if (!database.keys().disable(id, "cli")) {
        throw new CliException("There is no working key with the id " + id);
      }
    }
    spec.commandLine().getOut().println("disabled " + id);
    return 0;
  }

  /** The host alone: a path may be a credential of the receiver's. */
  private static String webhook(@Nullable URI url) {
    return url == null ? "" : ", webhook " + url.getHost();
  }

  private static String state(Keys.KeyRow row) {
    if (row.disabledAt() != null) {
      return "disabled " + row.disabledAt();
    }
    return row.expiresAt() == null ? "works" : "until " + row.expiresAt();
  }

  private static KeyMaker maker() {
    return new KeyMaker(new SecureRandom(), Moongate.clock());
  }
}
