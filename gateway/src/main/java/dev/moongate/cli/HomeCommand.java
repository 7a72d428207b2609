package dev.moongate.cli;

import dev.moongate.HomeDatabase;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command on the database of a home, also while a gateway runs on it. */
abstract class HomeCommand implements Callable<Integer> {
  /** Who makes the changes, in the audit log. */
  static final String ACTOR = "cli";

  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private HomeOptions home;

  /** What the command does. */
  abstract void run(HomeDatabase database, PrintWriter out);

  /** What is wrong with the options, told before the database is opened. */
  void check() {}

  HomeOptions home() {
    return home;
  }

  @Override
  public final Integer call() throws IOException {
    check();
    try (HomeDatabase database = home.open()) {
      run(database, spec.commandLine().getOut());
    }
    return 0;
  }
}
