package dev.moongate.cli;

import dev.moongate.auth.KeyMaker;
import dev.moongate.auth.Keys;
import java.security.SecureRandom;
import java.util.function.UnaryOperator;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code moongate keys}: works on the home's database, also while a gateway runs on it. */
@Command(
    name = "keys",
    mixinStandardHelpOptions = true,
    description = "Makes and changes the keys that callers use.",
    subcommands = {
      KeysAdd.class,
      KeysList.class,
      KeysShow.class,
      KeysRename.class,
      KeysChange.class,
      KeysSwitch.Disable.class,
      KeysSwitch.Enable.class,
      KeysRotate.class,
      KeysDelete.class,
      BudgetCommand.OfKeys.class,
      CommandLine.HelpCommand.class
    })
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

  static KeyMaker maker() {
    return new KeyMaker(new SecureRandom(), Moongate.clock());
  }

  static Keys.KeyRow require(Keys keys, String id) {
    return keys.find(id).orElseThrow(() -> unknown(id));
  }

  static void change(Keys keys, String id, UnaryOperator<Keys.KeyRow> change) {
    if (keys.change(id, change, HomeCommand.ACTOR).isEmpty()) {
      throw unknown(id);
    }
  }

  static CliException unknown(String id) {
    return new CliException("There is no key with the id %s; `keys list` shows them".formatted(id));
  }
}
