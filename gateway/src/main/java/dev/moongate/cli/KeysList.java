package dev.moongate.cli;

import dev.moongate.HomeDatabase;
import dev.moongate.auth.Keys;
import java.io.PrintWriter;
import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

/** {@code moongate keys list}. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    description = "Lists the keys: their ids, names and ends, never themselves.")
final class KeysList extends HomeCommand {
  private static final String LINE = "%-20s  %-20s  %-12s  %-9s  %-21s  %s%n";

  @Override
  void run(HomeDatabase database, PrintWriter out) {
    Map<String, URI> webhooks = database.webhooks().urls();
    out.printf(LINE, "ID", "NAME", "KEY", "ROLE", "PROJECT", "STATE");
    for (Keys.KeyRow row : database.keys().list()) {
      out.printf(
          LINE,
          row.id(),
          row.name(),
          "..." + row.lastFour(),
          row.terms().role().wireName(),
          row.project(),
          state(row) + webhook(webhooks.get(row.id())));
    }
  }

  /** The host alone: a path may be a credential of the receiver's. */
  private static String webhook(@Nullable URI url) {
    return url == null ? "" : ", webhook " + url.getHost();
  }

  static String state(Keys.KeyRow row) {
    if (row.disabledAt() != null) {
      return "disabled " + row.disabledAt();
    }
    return row.expiresAt() == null ? "works" : "until " + row.expiresAt();
  }
}
