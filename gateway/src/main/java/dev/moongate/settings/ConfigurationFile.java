package dev.moongate.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads moongate.yaml as one section, without asking what stands in it. */
final class ConfigurationFile {
  private ConfigurationFile() {}

  /** An empty section if the file is empty or cannot be read; the latter is reported. */
  static Section read(Path file, Problems problems, Substitution substitution) {
    return new Section("", tree(file, problems), problems, substitution);
  }

  /** Where no file is named. */
  static Section none(Problems problems, Substitution substitution) {
    return new Section("", null, problems, substitution);
  }

  private static @Nullable Node tree(Path file, Problems problems) {
    try {
      LoadSettings settings = LoadSettings.builder().setLabel(file.toString()).build();
      return new Compose(settings).composeString(Files.readString(file)).orElse(null);
    } catch (IOException e) {
      problems.add("the configuration file " + file + " cannot be read");
    } catch (YamlEngineException e) {
      // Its message quotes the file, and the file may hold secrets; its mark is only a place.
      Optional<Mark> place =
          e instanceof MarkedYamlEngineException marked
              ? marked.getProblemMark()
              : Optional.empty();
      problems.add(
          "the configuration file %s is not valid YAML%s"
              .formatted(
                  file,
                  place
                      .map(mark ->
                          " at line %d, column %d"
                              .formatted(mark.getLine() + 1, mark.getColumn() + 1))
                      .orElse("")));
    }
    return null;
  }
}
