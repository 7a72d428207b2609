package dev.moongate.cli;

import dev.moongate.HomeDatabase;
import dev.moongate.model.Money;
import dev.moongate.policy.Budget;
import dev.moongate.policy.Budget.Period;
import dev.moongate.policy.Budget.Scope;
import dev.moongate.settings.SettingsReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code moongate keys budget} and {@code moongate projects budget}. */
abstract sealed class BudgetCommand {
  private final Scope scope;

  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  private BudgetCommand(Scope scope) {
    this.scope = scope;
  }

  @Command(
      name = "set",
      mixinStandardHelpOptions = true,
      description = "Sets a budget, in place of one for the same period.")
  int set(
      @Parameters(paramLabel = "ID") String id,
      @Parameters(paramLabel = "PERIOD", description = "day, month or total") String period,
      @Parameters(paramLabel = "AMOUNT", description = "such as 20.00, in the ledger's currency")
          String amount,
      @Mixin HomeOptions home)
      throws IOException {
    String currency = currency(home);
    Budget budget = new Budget(scope, id, period(period), money(amount, currency));
    try (HomeDatabase database = home.open()) {
      require(database, id);
      database.budgets(currency).set(budget, HomeCommand.ACTOR);
    }
    out().println("set " + budget.amount());
    return 0;
  }

  @Command(name = "remove", mixinStandardHelpOptions = true, description = "Lifts a budget.")
  int remove(
      @Parameters(paramLabel = "ID") String id,
      @Parameters(paramLabel = "PERIOD", description = "day, month or total") String period,
      @Mixin HomeOptions home)
      throws IOException {
    Period which = period(period);
    try (HomeDatabase database = home.open()) {
      require(database, id);
      if (!database.budgets(currency(home)).remove(scope, id, which, HomeCommand.ACTOR)) {
        throw new CliException("%s has no budget for this period".formatted(id));
      }
    }
    out().println("removed");
    return 0;
  }

  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description = "Shows the budgets and how they stand.")
  int show(@Parameters(paramLabel = "ID") String id, @Mixin HomeOptions home) throws IOException {
    try (HomeDatabase database = home.open()) {
      require(database, id);
      out().printf("%-6s  %16s  %16s  %16s%n", "PERIOD", "AMOUNT", "SPENT", "SET ASIDE");
      database
          .budgets(currency(home))
          .list(scope, id, Moongate.clock().instant())
          .forEach(standing ->
              out()
                  .printf(
                      "%-6s  %16s  %16s  %16s%n",
                      standing.budget().period().name().toLowerCase(Locale.ROOT),
                      standing.budget().amount(),
                      standing.spent(),
                      standing.reserved()));
    }
    return 0;
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }

  private void require(HomeDatabase database, String id) {
    if (scope == Scope.KEY) {
      KeysCommand.require(database.keys(), id);
    } else {
      ProjectsCommand.require(database.projects(), id);
    }
  }

  private static String currency(HomeOptions home) {
    return new SettingsReader(Moongate.environment(), Moongate.standardHome())
        .readCurrency(home.config());
  }

  private static Period period(String text) {
    return Arrays.stream(Period.values())
        .filter(period -> period.name().toLowerCase(Locale.ROOT).equals(text))
        .findFirst()
        .orElseThrow(() -> new CliException("The period must be day, month or total"));
  }

  private static Money money(String text, String currency) {
    try {
      return Money.parse(text, currency);
    } catch (IllegalArgumentException e) {
      throw new CliException("The amount " + e.getMessage());
    }
  }

  /** {@code moongate keys budget}. */
  @Command(
      name = "budget",
      mixinStandardHelpOptions = true,
      description = "What a key may spend a day, a month, or in all.")
  static final class OfKeys extends BudgetCommand {
    OfKeys() {
      super(Scope.KEY);
    }
  }

  /** {@code moongate projects budget}. */
  @Command(
      name = "budget",
      mixinStandardHelpOptions = true,
      description = "What a project may spend a day, a month, or in all.")
  static final class OfProjects extends BudgetCommand {
    OfProjects() {
      super(Scope.PROJECT);
    }
  }
}
