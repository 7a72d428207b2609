package dev.moongate.cli;

import dev.moongate.HomeDatabase;
import dev.moongate.auth.CallerLimits;
import dev.moongate.auth.Project;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code moongate projects add}. */
@Command(
    name = "add",
    mixinStandardHelpOptions = true,
    description = "Makes a project and prints its id.")
final class ProjectsAdd extends HomeCommand {
  @Parameters(paramLabel = "NAME", description = "what the project is for")
  private String name = "";

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private LimitOptions limits;

  @Override
  void run(HomeDatabase database, PrintWriter out) {
    Project project =
        KeysCommand.maker()
            .project(Given.name(name), limits.weight(1), limits.limits(CallerLimits.NONE));
    database.projects().add(project, ACTOR);
    out.println(project.id());
  }
}
