package dev.moongate.cli;

import dev.moongate.HomeDatabase;
import dev.moongate.auth.Project;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code moongate projects show}. */
@Command(name = "show", mixinStandardHelpOptions = true, description = "Shows a project's limits.")
final class ProjectsShow extends HomeCommand {
  @Parameters(paramLabel = "ID", description = "as `projects list` shows it")
  private String id = "";

  @Override
  void run(HomeDatabase database, PrintWriter out) {
    Project project = ProjectsCommand.require(database.projects(), id);
    KeysShow.line(out, "id", project.id());
    KeysShow.line(out, "name", project.name());
    KeysShow.line(out, "state", ProjectsList.state(project));
    KeysShow.line(out, "weight", project.weight());
    KeysShow.limits(out, project.limits());
    KeysShow.line(out, "created", project.createdAt());
  }
}
