package dev.moongate.cli;

import dev.moongate.Gateway;
import dev.moongate.auth.Key;
import dev.moongate.settings.Flags;
import dev.moongate.settings.MoongateSettings;
import dev.moongate.settings.SettingsReader;
import java.io.IOException;
import java.net.BindException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code moongate serve}. */
@Command(
    name = "serve",
    mixinStandardHelpOptions = true,
    description = {
      "Starts the gateway. This is what moongate does without a command.",
      "It ends itself with status 1 where only a new start helps (a failing disk, a lost"
          + " PostgreSQL): run it under a supervisor that restarts it."
    })
final class ServeCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Option(names = "--port", paramLabel = "N", description = "port to listen on (8080)")
  private @Nullable String port;

  @Option(names = "--host", paramLabel = "HOST", description = "address to listen on (127.0.0.1)")
  private @Nullable String host;

  @Option(
      names = "--home",
      paramLabel = "DIR",
      description = "folder of database and pictures (data/ beside the launcher)")
  private @Nullable String home;

  @Option(names = "--config", paramLabel = "FILE", description = "a moongate.yaml")
  private @Nullable String config;

  @Option(names = "--public-url", paramLabel = "URL", description = "base of the links handed out")
  private @Nullable String publicUrl;

  @Option(names = "--sandbox", description = "serve the sandbox, also on a public address")
  private boolean sandbox;

  @Option(
      names = "--restored",
      description = "the database is an older copy: ask the providers before anything is submitted")
  private boolean restored;

  @Override
  public Integer call() throws InterruptedException {
    Path standardHome = Moongate.standardHome();
    MoongateSettings settings =
        new SettingsReader(Moongate.environment(), standardHome)
            .read(new Flags(port, host, home, config, publicUrl, sandbox));
    Gateway gateway = start(settings, restored);
    CountDownLatch stopped = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  gateway.close();
                  stopped.countDown();
                },
                "stop"));
    Key first = gateway.firstKey();
    spec.commandLine()
        .getOut()
        .println(
            Banner.text(
                settings,
                gateway.port(),
                first == null ? null : first.text(),
                settings.home().toAbsolutePath().equals(standardHome.toAbsolutePath())));
    spec.commandLine().getOut().flush();
    stopped.await();
    return 0;
  }

  private static Gateway start(MoongateSettings settings, boolean restored) {
    try {
      return Gateway.start(settings, Moongate.clock(), restored);
    } catch (IOException e) {
      for (Throwable cause = e; cause != null; cause = cause.getCause()) {
        if (cause instanceof BindException bind) {
          throw BindTrouble.of(bind, settings.http());
        }
      }
      throw new CliException("Moongate does not start: " + e.getMessage());
    }
  }
}
