package dev.moongate.cli;

import dev.moongate.error.GatewayException;
import dev.moongate.settings.SettingsException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command {@code moongate} and what the commands below it share. */
@Command(
    name = "moongate",
    mixinStandardHelpOptions = true,
    description = "One HTTP API in front of image models.",
    subcommands = {
      ServeCommand.class,
      TryCommand.class,
      KeysCommand.class,
      ProjectsCommand.class,
      AuditCommand.class,
      BackupCommand.class,
      SandboxCommand.class,
      WarmUpCommand.class,
      CommandLine.HelpCommand.class
    },
    footer = {"", "  build    builds again after the sources changed (the launcher does it)"})
public final class Moongate {
  /** The home if nobody names one; the launcher sets it to data/ beside itself. */
  static final String STANDARD_HOME = "moongate.home";

  private static final Set<String> OF_EVERY_PROGRAM = Set.of("-h", "--help", "-V", "--version");

  private Moongate() {}

  /** Runs a command; answers the exit code. Without one it serves. */
  public static int run(String[] args) {
    return commandLine().execute(withCommand(args));
  }

  /** Options that stand alone are those of serve, but for the two that every program has. */
  static String[] withCommand(String... args) {
    boolean named =
        args.length > 0 && (!args[0].startsWith("-") || OF_EVERY_PROGRAM.contains(args[0]));
    return named ? args : Stream.concat(Stream.of("serve"), Stream.of(args)).toArray(String[]::new);
  }

  static CommandLine commandLine() {
    CommandLine line = new CommandLine(new Moongate());
    showVersion(line);
    line.setExecutionExceptionHandler((exception, command, parsed) -> {
      PrintWriter err = command.getErr();
      if (exception instanceof SettingsException settings) {
        err.println("Moongate does not start:");
        settings.problems().forEach(problem -> err.println("  - " + problem));
      } else if (exception instanceof CliException || exception instanceof GatewayException) {
        err.println(exception.getMessage());
      } else {
        throw exception;
      }
      return 1;
    });
    return line;
  }

  private static void showVersion(CommandLine line) {
    String version = Moongate.class.getPackage().getImplementationVersion();
    line.getCommandSpec()
        .version(
            "moongate %s, Java %s"
                .formatted(version == null ? "without a jar" : version, Runtime.version()));
    line.getSubcommands().values().forEach(Moongate::showVersion);
  }

  /** The one clock of the process; everything else is handed it. */
  static Clock clock() {
    return Clock.systemUTC();
  }

  static Map<String, String> environment() {
    return System.getenv();
  }

  static Path standardHome() {
    return Path.of(System.getProperty(STANDARD_HOME, "data"));
  }

  /** The home that a flag or the environment names, or the standard one. */
  static Path home(@org.jspecify.annotations.Nullable String flag) {
    String home = flag == null ? environment().get("MOONGATE_HOME") : flag;
    return home == null || home.isBlank() ? standardHome() : Path.of(home);
  }
}
