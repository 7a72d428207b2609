package dev.moongate.cli;

import dev.moongate.HomeDatabase;
import dev.moongate.settings.SettingsReader;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of a command that needs the gateway's database. */
final class HomeOptions {
  @Option(names = "--home", paramLabel = "DIR", description = "home of the gateway")
  private @Nullable String home;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description =
          "the gateway's moongate.yaml; its `database`, `currency`, `webhooks` and `accounts` are read")
  private @Nullable String config;

  Path home() {
    return Moongate.home(home);
  }

  /** The URL of PostgreSQL; null for SQLite in the home. */
  @Nullable String database() {
    return new SettingsReader(Moongate.environment(), Moongate.standardHome())
        .readDatabase(config)
        .orElse(null);
  }

  @Nullable String config() {
    return config;
  }

  HomeDatabase open() throws IOException {
    return HomeDatabase.open(home(), database(), Moongate.clock());
  }
}
