package dev.moongate.cli;

import dev.moongate.HomeDatabase;
import java.time.Instant;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

/** {@code moongate keys disable} and {@code enable}. */
abstract sealed class KeysSwitch extends SwitchCommand {
  private KeysSwitch(boolean on) {
    super(on);
  }

  @Override
  final void change(HomeDatabase database, String id, UnaryOperator<@Nullable Instant> disabledAt) {
    KeysCommand.change(
        database.keys(),
        id,
        row ->
            row.with(row.name(), row.terms(), row.expiresAt(), disabledAt.apply(row.disabledAt())));
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
