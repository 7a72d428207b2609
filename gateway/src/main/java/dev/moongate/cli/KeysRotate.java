package dev.moongate.cli;

import dev.moongate.HomeDatabase;
import dev.moongate.auth.Key;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code moongate keys rotate}. */
@Command(
    name = "rotate",
    mixinStandardHelpOptions = true,
    description = "Puts a new key in the place of one, and shows it this once.")
final class KeysRotate extends HomeCommand {
  private static final long LONGEST_GRACE = Duration.ofDays(30).toSeconds();

  @Parameters(paramLabel = "ID", description = "as `keys list` shows it")
  private String id = "";

  @Option(
      names = "--grace",
      required = true,
      paramLabel = "SECONDS",
      description = "how long the key of now keeps working; 0 if it leaked")
  private String grace = "";

  private long seconds;

  @Override
  void check() {
    Long given = Given.number("--grace", grace, null, 0, LONGEST_GRACE);
    seconds = given == null ? 0 : given;
  }

  @Override
  void run(HomeDatabase database, PrintWriter out) {
    KeysCommand.require(database.keys(), id);
    Key key = KeysCommand.maker().newKey();
    Instant until = Moongate.clock().instant().plusSeconds(seconds);
    if (!database.keys().rotate(id, key.hash(), key.lastFour(), until, ACTOR)) {
      throw new CliException("The key %s is disabled; enable it first".formatted(id));
    }
    out.println(key.text());
  }
}
