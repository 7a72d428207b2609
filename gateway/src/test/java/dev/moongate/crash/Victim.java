package dev.moongate.crash;

import dev.moongate.Gateway;
import dev.moongate.SeamedGateway;
import dev.moongate.auth.Key;
import dev.moongate.provider.ImageProvider.Mode;
import dev.moongate.settings.MoongateSettings;
import dev.moongate.testing.MoongateHarness;
import dev.moongate.testing.SettingsBuilder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;

/**
 * The process that is killed: a gateway on a home and in front of an upstream. It prints its port,
 * and takes the names of kill points on its standard input; when that ends it ends too.
 */
final class Victim {
  private Victim() {}

  public static void main(String[] args) throws IOException {
    Trap trap = new Trap();
    MoongateSettings settings =
        SettingsBuilder.from(
                MoongateHarness.settings(
                    Path.of(args[0]),
                    List.of(MoongateHarness.account(URI.create(args[2]), Mode.ASYNC)),
                    Key.parse(args[1]).orElseThrow()))
            .database(args.length > 3 ? args[3] : null)
            .build();
    Gateway gateway =
        SeamedGateway.start(settings, Clock.systemUTC(), trap::around, trap::around, trap::around);
    System.out.println(gateway.port());
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        trap.arm(KillPoint.valueOf(line));
        System.out.println("armed");
      }
    }
    Runtime.getRuntime().halt(0);
  }
}
