package dev.moongate.cli;

import dev.moongate.HomeDatabase;
import java.time.Instant;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

/** {@code moongate projects disable} and {@code enable}. */
abstract sealed class ProjectsSwitch extends SwitchCommand {
  private ProjectsSwitch(boolean on) {
    super(on);
  }

  @Override
  final void change(HomeDatabase database, String id, UnaryOperator<@Nullable Instant> disabledAt) {
    ProjectsCommand.change(
        database.projects(),
        id,
        project ->
            project.with(
                project.name(),
                project.weight(),
                project.limits(),
                disabledAt.apply(project.disabledAt())));
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
