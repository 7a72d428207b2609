package dev.moongate.cli;

import dev.moongate.HomeDatabase;
import java.io.PrintWriter;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code moongate keys disable} and {@code enable}. */
abstract sealed class KeysSwitch extends HomeCommand {
  private final boolean on;

  @Parameters(paramLabel = "ID", description = "as `keys list` shows it")
  private String id = "";

  private KeysSwitch(boolean on) {
    this.on = on;
  }

  @Override
  final void run(HomeDatabase database, PrintWriter out) {
    Instant now = Moongate.clock().instant();
    KeysCommand.change(
        database.keys(),
        id,
        row -> row.with(row.name(), row.terms(), row.expiresAt(), since(row.disabledAt(), now)));
    out.println((on ? "enabled " : "disabled ") + id);
  }

  private @Nullable Instant since(@Nullable Instant before, Instant now) {
    Instant off = before == null ? now : before;
    return on ? null : off;
  }

  /** {@code moongate keys disable}. */
  @Command(
      name = "disable",
      mixinStandardHelpOptions = true,
      description = "Makes a key stop working, at once.")
  static final class Disable extends KeysSwitch {
    Disable() {
      super(false);
    }
  }

  /** {@code moongate keys enable}. */
  @Command(
      name = "enable",
      mixinStandardHelpOptions = true,
      description = "Lets a disabled key work again.")
  static final class Enable extends KeysSwitch {
    Enable() {
      super(true);
    }
  }
}
