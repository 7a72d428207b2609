package dev.moongate.settings;

import dev.moongate.settings.MoongateSettings.AliasSettings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads {@code aliases}. Whether a model takes the values is found out by who has the catalogue.
 */
final class AliasReader {
  /** What an alias may stand for: members of a request that have a single value. */
  private static final List<String> DEFAULTS =
      List.of(
          "size",
          "n",
          "watermark",
          "thinking_mode",
          "enable_sequential",
          "seed",
          "response_format");

  private AliasReader() {}

  static Map<String, AliasSettings> read(Section section) {
    Map<String, AliasSettings> aliases = new LinkedHashMap<>();
    for (String name : section.keys()) {
      Section alias = section.section(name);
      if (!name.matches("[!-~]{1,100}")) {
        section.problem(name, "is no name for an alias: 1 to 100 visible ASCII characters");
      }
      Optional<String> model = alias.text("model");
      if (!alias.has("model")) {
        section.problem(name, "has no model: it must say which model it stands for");
      }
      Section told = alias.section("defaults");
      Map<String, String> defaults = new LinkedHashMap<>();
      DEFAULTS.forEach(member -> told.text(member).ifPresent(text -> defaults.put(member, text)));
      told.refuseUnknown();
      alias.refuseUnknown();
      model.ifPresent(target -> aliases.put(name, new AliasSettings(target, defaults)));
    }
    return aliases;
  }
}
