package dev.moongate.auth;

import java.util.List;
import java.util.Optional;

/** The projects. Implemented in {@code db}; methods block. Every change names who makes it. */
public interface Projects {
  void add(Project project, String actor);

  /** Name, weight, limits, and whether it works; false if there is no such project. */
  boolean change(Project project, String actor);

  Optional<Project> find(String id);

  /** All, oldest first. */
  List<Project> list();
}
