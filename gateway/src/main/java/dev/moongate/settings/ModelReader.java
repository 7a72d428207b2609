package dev.moongate.settings;

import dev.moongate.model.Money;
import dev.moongate.settings.MoongateSettings.AccountSettings;
import dev.moongate.settings.MoongateSettings.ModelSettings;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads {@code models}. */
final class ModelReader {
  private ModelReader() {}

  static Map<String, ModelSettings> read(
      Section section, List<AccountSettings> accounts, String currency) {
    Map<String, ModelSettings> models = new HashMap<>();
    List<String> names = accounts.stream().map(AccountSettings::name).toList();
    for (String name : section.keys()) {
      Section model = section.section(name);
      List<String> route = model.texts("accounts");
      route.stream()
          .filter(account -> !names.contains(account))
          .forEach(account ->
              model.problem(
                  "accounts", "names %s, which is not among accounts".formatted(account)));
      if (Set.copyOf(route).size() < route.size()) {
        model.problem("accounts", "names an account twice");
      }
      Money price = model.value("price", text -> Money.parse(text, currency)).orElse(null);
      model.refuseUnknown();
      models.put(name, new ModelSettings(route, price));
    }
    return models;
  }
}
