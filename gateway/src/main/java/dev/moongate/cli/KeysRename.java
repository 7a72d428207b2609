package dev.moongate.cli;

import dev.moongate.HomeDatabase;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code moongate keys rename}. */
@Command(
    name = "rename",
    mixinStandardHelpOptions = true,
    description = "Gives a key another name.")
final class KeysRename extends HomeCommand {
  @Parameters(index = "0", paramLabel = "ID", description = "as `keys list` shows it")
  private String id = "";

  @Parameters(index = "1", paramLabel = "NAME", description = "its new name")
  private String name = "";

  @Override
  void run(HomeDatabase database, PrintWriter out) {
    KeysCommand.change(
        database.keys(),
        id,
        row -> row.with(Given.name(name), row.terms(), row.expiresAt(), row.disabledAt()));
    out.println("renamed " + id);
  }
}
