package dev.moongate.cli;

import dev.moongate.HomeDatabase;
import dev.moongate.auth.Project;
import java.io.PrintWriter;
import picocli.CommandLine.Command;

/** {@code moongate projects list}. */
@Command(name = "list", mixinStandardHelpOptions = true, description = "Lists the projects.")
final class ProjectsList extends HomeCommand {
  private static final String LINE = "%-21s  %-20s  %-6s  %s%n";

  @Override
  void run(HomeDatabase database, PrintWriter out) {
    out.printf(LINE, "ID", "NAME", "WEIGHT", "STATE");
    for (Project project : database.projects().list()) {
      out.printf(LINE, project.id(), project.name(), project.weight(), state(project));
    }
  }

  static String state(Project project) {
    return project.disabledAt() == null ? "works" : "disabled " + project.disabledAt();
  }
}
