package dev.moongate;

import dev.moongate.http.images.AliasValues;
import dev.moongate.model.Alias;
import dev.moongate.model.Catalogue;
import dev.moongate.model.Model;
import dev.moongate.settings.MoongateSettings;
import dev.moongate.settings.MoongateSettings.AliasSettings;
import dev.moongate.settings.SettingsException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** Gives models the other names that the settings have for them, with their values checked. */
final class ModelNames {
  private final Catalogue catalogue;
  private final MoongateSettings settings;
  private final List<String> problems = new ArrayList<>();

  private ModelNames(Catalogue catalogue, MoongateSettings settings) {
    this.catalogue = catalogue;
    this.settings = settings;
  }

  /**
   * The catalogue with the aliases of the settings.
   *
   * @throws SettingsException with all that is wrong with them
   */
  static Catalogue with(Catalogue catalogue, MoongateSettings settings) {
    ModelNames names = new ModelNames(catalogue, settings);
    List<Alias> aliases = new ArrayList<>();
    settings.aliases().forEach((name, alias) -> names.alias(name, alias).ifPresent(aliases::add));
    if (!names.problems.isEmpty()) {
      throw new SettingsException(names.problems);
    }
    return catalogue.aliased(aliases);
  }

  private Optional<Alias> alias(String name, AliasSettings told) {
    if (catalogue.find(name).isPresent()) {
      problems.add("aliases.%s is the name of a model already".formatted(name));
      return Optional.empty();
    }
    Optional<Model> model = catalogue.find(told.model());
    if (model.isEmpty()) {
      problems.add(
          "aliases.%s.model names %s, which is no model of the catalogue; there is: %s"
              .formatted(
                  name,
                  told.model(),
                  String.join(", ", catalogue.list().stream().map(Model::id).toList())));
      return Optional.empty();
    }
    ObjectNode defaults =
        new AliasValues(model.orElseThrow(), settings.http().linkLife())
            .read(
                told.defaults(),
                refusal ->
                    problems.add(
                        "aliases.%s.defaults.%s: %s"
                            .formatted(name, refusal.param(), refusal.message())));
    return Optional.of(new Alias(name, model.orElseThrow(), defaults));
  }
}
