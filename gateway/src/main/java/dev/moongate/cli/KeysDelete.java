package dev.moongate.cli;

import dev.moongate.HomeDatabase;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code moongate keys delete}. */
@Command(
    name = "delete",
    mixinStandardHelpOptions = true,
    description = "Takes a key away for good; its generations and ledger lines stay.")
final class KeysDelete extends HomeCommand {
  @Parameters(paramLabel = "ID", description = "as `keys list` shows it")
  private String id = "";

  @Override
  void run(HomeDatabase database, PrintWriter out) {
    if (!database.keys().delete(id, ACTOR)) {
      throw KeysCommand.unknown(id);
    }
    out.println("deleted " + id);
  }
}
