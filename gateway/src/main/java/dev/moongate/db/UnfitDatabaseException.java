package dev.moongate.db;

import java.util.List;

/** A database that a gateway must not start on, and what to do about it; no secret is in it. */
public final class UnfitDatabaseException extends RuntimeException {
  private final List<String> problems;

  public UnfitDatabaseException(List<String> problems) {
    super(String.join("\n", problems));
    this.problems = List.copyOf(problems);
  }

  UnfitDatabaseException(String problem, Throwable cause) {
    super(problem, cause);
    this.problems = List.of(problem);
  }

  public List<String> problems() {
    return problems;
  }
}
