package dev.moongate.cli;

import dev.moongate.HomeDatabase;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Parameters;

/** Makes something stop working at once, or work again; what is off keeps since when it is. */
abstract class SwitchCommand extends HomeCommand {
  private final boolean on;

  @Parameters(paramLabel = "ID", description = "as `list` shows it")
  private String id = "";

  SwitchCommand(boolean on) {
    this.on = on;
  }

  /**
   * Changes the one of that id.
   *
   * @param disabledAt from when it has been off, null if it is on, to the same hereafter
   */
  abstract void change(
      HomeDatabase database, String id, UnaryOperator<@Nullable Instant> disabledAt);

  @Override
  final void run(HomeDatabase database, PrintWriter out) {
    Instant now = Moongate.clock().instant();
    change(database, id, before -> since(before, now));
    out.println((on ? "enabled " : "disabled ") + id);
  }

  private @Nullable Instant since(@Nullable Instant before, Instant now) {
    Instant off = before == null ? now : before;
    return on ? null : off;
  }
}
