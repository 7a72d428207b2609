package dev.moongate;

import dev.moongate.cli.Moongate;

/** Where the process begins. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    System.exit(Moongate.run(args));
  }
}
