package dev.moongate.cli;

import dev.moongate.HomeDatabase;
import java.io.PrintWriter;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code moongate projects disable} and {@code enable}. */
abstract sealed class ProjectsSwitch extends HomeCommand {
  private final boolean on;

  @Parameters(paramLabel = "ID", description = "as `projects list` shows it")
  private String id = "";

  private ProjectsSwitch(boolean on) {
    this.on = on;
  }

  @Override
  final void run(HomeDatabase database, PrintWriter out) {
    Instant now = Moongate.clock().instant();
    ProjectsCommand.change(
        database.projects(),
        id,
        project ->
            project.with(
                project.name(),
                project.weight(),
                project.limits(),
                since(project.disabledAt(), now)));
    out.println((on ? "enabled " : "disabled ") + id);
  }

  private @Nullable Instant since(@Nullable Instant before, Instant now) {
    Instant off = before == null ? now : before;
    return on ? null : off;
  }

  /** {@code moongate projects disable}. */
  @Command(
      name = "disable",
      mixinStandardHelpOptions = true,
      description = "Makes all keys of a project stop working, at once.")
  static final class Disable extends ProjectsSwitch {
    Disable() {
      super(false);
    }
  }

  /** {@code moongate projects enable}. */
  @Command(
      name = "enable",
      mixinStandardHelpOptions = true,
      description = "Lets a disabled project's keys work again.")
  static final class Enable extends ProjectsSwitch {
    Enable() {
      super(true);
    }
  }
}
