package dev.moongate.cli;

import dev.moongate.HomeDatabase;
import dev.moongate.auth.Key;
import dev.moongate.auth.KeyMaker;
import dev.moongate.auth.KeyTerms;
import dev.moongate.auth.Keys;
import dev.moongate.auth.Role;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code moongate keys add}. */
@Command(
    name = "add",
    mixinStandardHelpOptions = true,
    description = "Makes a key, keeps its hash, and shows it this once.")
final class KeysAdd extends HomeCommand {
  @Parameters(paramLabel = "NAME", description = "what the key is for")
  private String name = "";

  @Option(names = "--project", paramLabel = "ID", description = "the project it belongs to")
  private String project = KeyMaker.PROJECT;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private TermOptions terms;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private WebhookOption webhook;

  @Override
  void check() {
    webhook.check(home());
  }

  @Override
  void run(HomeDatabase database, PrintWriter out) {
    ProjectsCommand.require(database.projects(), project);
    KeyMaker maker = KeysCommand.maker();
    Key key = maker.newKey();
    Keys.KeyRow row =
        maker.row(
            key,
            project,
            Given.name(name),
            terms.terms(KeyTerms.of(Role.MEMBER)),
            "keys-add",
            terms.expiresAt(null, Moongate.clock().instant()));
    database.keys().add(row, ACTOR);
    out.println(key.text());
    webhook.apply(database.webhooks(), row.id(), out);
  }
}
