package dev.moongate;

import dev.moongate.generation.GenerationRows;
import dev.moongate.model.Catalogue;
import dev.moongate.model.Model;
import dev.moongate.model.Money;
import dev.moongate.provider.HttpCalls;
import dev.moongate.provider.ImageProvider;
import dev.moongate.provider.dashscope.DashScopeProvider;
import dev.moongate.routing.Account;
import dev.moongate.routing.AccountLane;
import dev.moongate.routing.Routes;
import dev.moongate.settings.MoongateSettings;
import dev.moongate.settings.MoongateSettings.AccountSettings;
import dev.moongate.settings.MoongateSettings.ModelSettings;
import dev.moongate.settings.SettingsException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Makes the ways into the accounts that the settings name, and the routes of the models. */
record AccountLanes(
    HttpCalls calls,
    Clock clock,
    Catalogue catalogue,
    String currency,
    Function<ImageProvider, ImageProvider> seam,
    GenerationRows rows) {

  /**
   * The catalogue with the prices of the settings.
   *
   * @throws SettingsException if they name a model that there is not
   */
  static Catalogue priced(Catalogue catalogue, MoongateSettings settings) {
    List<String> problems = new ArrayList<>();
    Map<String, Money> prices = new HashMap<>();
    settings
        .models()
        .forEach((name, model) -> {
          if (catalogue.find(name).isEmpty()) {
            problems.add(
                "models.%s is no model of the catalogue; there is: %s"
                    .formatted(
                        name,
                        String.join(", ", catalogue.list().stream().map(Model::id).toList())));
          }
          if (model.price() != null) {
            prices.put(name, model.price());
          }
        });
    if (!problems.isEmpty()) {
      throw new SettingsException(problems);
    }
    return catalogue.repriced(prices);
  }

  /** All accounts, and for each model those that may serve it, in order. */
  Routes routes(List<AccountSettings> accounts, Map<String, ModelSettings> models) {
    Map<String, AccountLane> lanes = new LinkedHashMap<>();
    accounts.forEach(account -> lanes.put(account.name(), lane(account)));
    Map<String, List<AccountLane>> byModel = new HashMap<>();
    for (Model model : catalogue.list()) {
      ModelSettings own = models.get(model.id());
      List<AccountLane> route =
          own == null || own.accounts().isEmpty()
              ? lanes.values().stream()
                  .filter(lane -> lane.account().provider().equals(model.provider()))
                  .toList()
              : own.accounts().stream().map(lanes::get).toList();
      byModel.put(model.id(), route);
    }
    return new Routes(List.copyOf(lanes.values()), byModel);
  }

  private AccountLane lane(AccountSettings settings) {
    ImageProvider api =
        seam.apply(new DashScopeProvider(settings.baseUrl(), settings.mode(), calls, clock));
    List<String> hosts = new ArrayList<>(settings.imageHosts());
    hosts.add(settings.baseUrl().getHost());
    Map<String, Money> costs = new HashMap<>();
    for (Model model : catalogue.list()) {
      costs.put(model.id(), settings.costs().getOrDefault(model.id(), model.cost(currency)));
    }
    Account account =
        new Account(
            settings.name(),
            settings.provider(),
            api,
            settings.keys(),
            settings.limits(),
            hosts,
            "https".equals(settings.baseUrl().getScheme()),
            costs,
            settings.submitTimeout());
    Integer limit = settings.limits().submitsPerSecond();
    return new AccountLane(
        account,
        limit == null ? List.of() : rows.lastAnswers(account.name(), limit, clock.instant()));
  }
}
