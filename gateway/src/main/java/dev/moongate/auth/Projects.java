package dev.moongate.auth;

import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The projects. Implemented in {@code db}; methods block. Every change names who makes it. */
public interface Projects {
  void add(Project project, String actor);

  /** Name, weight, limits, and whether it works; false if there is no such project. */
  default boolean change(Project project, String actor) {
    return change(project.id(), _ -> project, actor).isPresent();
  }

  /**
   * The same, made of what the project is at the moment of the change.
   *
   * @param change may be asked twice; what it throws undoes everything
   * @return the project afterwards; empty if there is no such project
   * @throws dev.moongate.error.GatewayException {@code invalid_value} if no admin key would be left
   *     that works
   */
  Optional<Project> change(String id, UnaryOperator<Project> change, String actor);

  Optional<Project> find(String id);

  /** All, oldest first. */
  List<Project> list();
}
