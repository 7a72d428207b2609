package dev.moongate.cli;

import dev.moongate.auth.Project;
import dev.moongate.auth.Projects;
import java.util.function.UnaryOperator;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code moongate projects}: groups of keys that share generations, limits and budgets. */
@Command(
    name = "projects",
    mixinStandardHelpOptions = true,
    description = "Makes and changes the projects that keys belong to.",
    subcommands = {
      ProjectsAdd.class,
      ProjectsList.class,
      ProjectsShow.class,
      ProjectsChange.class,
      ProjectsSwitch.Disable.class,
      ProjectsSwitch.Enable.class,
      BudgetCommand.OfProjects.class,
      CommandLine.HelpCommand.class
    })
final class ProjectsCommand {
  static Project require(Projects projects, String id) {
    return projects.find(id).orElseThrow(() -> unknown(id));
  }

  static void change(Projects projects, String id, UnaryOperator<Project> change) {
    if (projects.change(id, change, HomeCommand.ACTOR).isEmpty()) {
      throw unknown(id);
    }
  }

  private static CliException unknown(String id) {
    return new CliException(
        "There is no project with the id %s; `projects list` shows them".formatted(id));
  }
}
