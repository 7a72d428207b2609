package dev.moongate.cli;

import dev.moongate.HomeDatabase;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code moongate projects change}. */
@Command(
    name = "change",
    mixinStandardHelpOptions = true,
    description = "Changes a project; what is not named stays, and `none` lifts a limit.")
final class ProjectsChange extends HomeCommand {
  @Parameters(paramLabel = "ID", description = "as `projects list` shows it")
  private String id = "";

  @Option(names = "--name", paramLabel = "NAME", description = "its new name")
  private @Nullable String name;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private LimitOptions limits;

  @Override
  void run(HomeDatabase database, PrintWriter out) {
    ProjectsCommand.change(
        database.projects(),
        id,
        project ->
            project.with(
                name == null ? project.name() : Given.name(name),
                limits.weight(project.weight()),
                limits.limits(project.limits()),
                project.disabledAt()));
    out.println("changed " + id);
  }
}
