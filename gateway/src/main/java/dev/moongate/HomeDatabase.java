package dev.moongate;

import dev.moongate.auth.Keys;
import dev.moongate.auth.Projects;
import dev.moongate.db.BudgetTable;
import dev.moongate.db.Database;
import dev.moongate.db.KeyTable;
import dev.moongate.db.ProjectTable;
import dev.moongate.db.WebhookTable;
import dev.moongate.policy.Budgets;
import dev.moongate.webhook.WebhookRows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** The keys of a home and their webhooks for the command line, also while a gateway runs on it. */
public record HomeDatabase(
    Database database, Keys keys, Projects projects, WebhookRows webhooks, InstantSource clock)
    implements AutoCloseable {
  /**
   * Opens the database.
   *
   * @param url of PostgreSQL; null for the home's own SQLite
   */
  public static HomeDatabase open(Path home, @Nullable String url, InstantSource clock)
      throws IOException {
    if (url == null) {
      Files.createDirectories(home);
    }
    Database database = DatabaseChoice.openBeside(home, url);
    return new HomeDatabase(
        database,
        new KeyTable(database, clock),
        new ProjectTable(database, clock),
        new WebhookTable(database, clock),
        clock);
  }

  /**
   * The budgets.
   *
   * @param currency of the ledger
   */
  public Budgets budgets(String currency) {
    return new BudgetTable(database, clock, currency);
  }

  @Override
  public void close() {
    database.close();
  }
}
