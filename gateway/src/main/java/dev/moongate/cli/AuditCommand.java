package dev.moongate.cli;

import dev.moongate.HomeAudit;
import dev.moongate.settings.SettingsException;
import dev.moongate.settings.SettingsReader;
import dev.moongate.settings.SettingsReader.ProviderKeys;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code moongate audit}: whether everything holds that must. */
@Command(
    name = "audit",
    mixinStandardHelpOptions = true,
    description =
        "Checks that every generation, its money and its pictures add up, also while a gateway runs."
            + " Prints a line for each thing that does not hold, and exits 1 then.")
final class AuditCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Mixin private HomeOptions home = new HomeOptions();

  @Option(names = "--quick", description = "of a picture's file compare the length only")
  private boolean quick;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    ProviderKeys keys =
        new SettingsReader(Moongate.environment(), Moongate.standardHome())
            .readProviderKeys(home.config());
    HomeAudit.Report report = run(keys);
    report.violations().forEach(out::println);
    keys.problems()
        .forEach(problem -> out.println("a provider's key is not looked for: " + problem));
    int wrong = report.violations().size();
    out.printf(
        "audited: %d generations, %d attempts, %d ledger lines, %d stored pictures (%s); %s%n",
        report.generations(),
        report.attempts(),
        report.ledgerLines(),
        report.pictures(),
        quick ? "their length only" : "length and SHA-256",
        wrong == 0 ? "everything holds" : wrong + (wrong == 1 ? " does" : " do") + " not hold");
    return wrong == 0 ? 0 : 1;
  }

  private HomeAudit.Report run(ProviderKeys keys) {
    try {
      return new HomeAudit(home.home(), home.database(), keys.keys()).run(quick, Moongate.clock());
    } catch (SettingsException e) {
      throw new CliException("Nothing was audited: " + String.join("; ", e.problems()));
    }
  }
}
