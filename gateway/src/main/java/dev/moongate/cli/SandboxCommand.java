package dev.moongate.cli;

import dev.moongate.sandbox.Sandbox;
import dev.moongate.sandbox.SandboxSettings;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code moongate sandbox}: the built-in upstream alone. */
@Command(
    name = "sandbox",
    mixinStandardHelpOptions = true,
    description = "Runs the built-in upstream alone, for anything that speaks DashScope.")
final class SandboxCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Option(names = "--port", paramLabel = "N", defaultValue = "8090", description = "port (8090)")
  private int port;

  @Option(names = "--home", paramLabel = "DIR", description = "folder of its tasks and pictures")
  private @Nullable String home;

  @Override
  public Integer call() throws IOException, InterruptedException {
    SandboxSettings usual =
        SandboxSettings.at(Moongate.home(home).resolve("sandbox"), Moongate.clock());
    SandboxSettings settings = usual.withPort(port);
    try (Sandbox sandbox = Sandbox.start(settings)) {
      spec.commandLine()
          .getOut()
          .println("Sandbox at " + sandbox.baseUrl() + " - any key that begins with sk- is good");
      spec.commandLine().getOut().flush();
      new CountDownLatch(1).await();
    }
    return 0;
  }
}
