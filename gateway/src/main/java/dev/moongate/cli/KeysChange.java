package dev.moongate.cli;

import dev.moongate.HomeDatabase;
import java.io.PrintWriter;
import java.time.Instant;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code moongate keys change}. */
@Command(
    name = "change",
    mixinStandardHelpOptions = true,
    description = "Changes what a key may; what is not named stays, and `none` lifts a limit.")
final class KeysChange extends HomeCommand {
  @Parameters(paramLabel = "ID", description = "as `keys list` shows it")
  private String id = "";

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private TermOptions terms;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private WebhookOption webhook;

  @Override
  void check() {
    webhook.check(home());
  }

  @Override
  void run(HomeDatabase database, PrintWriter out) {
    Instant now = Moongate.clock().instant();
    KeysCommand.change(
        database.keys(),
        id,
        row ->
            row.with(
                row.name(),
                terms.terms(row.terms()),
                terms.expiresAt(row.expiresAt(), now),
                row.disabledAt()));
    out.println("changed " + id);
    webhook.apply(database.webhooks(), id, out);
  }
}
