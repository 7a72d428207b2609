package dev.moongate.settings;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The environment's variables, and the flags that win over them. */
final class Environment {
  private final Map<String, String> variables;

  Environment(Map<String, String> variables) {
    this.variables = variables;
  }

  /** Empty if it is not set or blank. */
  Optional<String> variable(String name) {
    return Optional.ofNullable(variables.get(name)).filter(value -> !value.isBlank());
  }

  /** A variable turned into something, as {@link Section#value} does. */
  <T> Optional<T> value(String name, Function<String, T> parse, Problems problems) {
    return parsed(name, variable(name), parse, problems);
  }

  /** What a flag says; what the variable says if it is null. */
  Optional<String> given(@Nullable String flag, String variable) {
    return flag == null ? variable(variable) : Optional.of(flag);
  }

  /**
   * The same turned into something.
   *
   * @param option what the flag is called on the command line
   */
  <T> Optional<T> given(
      @Nullable String flag,
      String option,
      String variable,
      Function<String, T> parse,
      Problems problems) {
    String source = flag == null ? variable : option;
    return parsed(source, given(flag, variable), parse, problems);
  }

  /** The same variables for what stands in the file. */
  Substitution substitution() {
    return new Substitution(variables);
  }

  private static <T> Optional<T> parsed(
      String source, Optional<String> text, Function<String, T> parse, Problems problems) {
    try {
      return text.map(parse);
    } catch (IllegalArgumentException e) {
      problems.add(source + " " + e.getMessage());
      return Optional.empty();
    }
  }
}
