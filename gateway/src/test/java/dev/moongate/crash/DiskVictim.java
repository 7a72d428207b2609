package dev.moongate.crash;

import dev.moongate.Gateway;
import dev.moongate.auth.Key;
import dev.moongate.generation.GenerationSettings;
import dev.moongate.provider.ApiKey;
import dev.moongate.provider.ImageProvider.Mode;
import dev.moongate.routing.Account;
import dev.moongate.settings.MoongateSettings;
import dev.moongate.settings.MoongateSettings.AccountSettings;
import dev.moongate.testing.FailingSync;
import dev.moongate.testing.MoongateHarness;
import dev.moongate.testing.Rows;
import dev.moongate.testing.SettingsBuilder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;

/**
 * The process whose disk fails: a gateway on a home and in front of an upstream. It prints its
 * port, and does what its standard input says, a line at a time: {@code rows SQL} or {@code fail
 * DATABASE}. When that ends it ends too.
 */
final class DiskVictim {
  private DiskVictim() {}

  public static void main(String[] args) throws IOException, SQLException {
    Path home = Path.of(args[0]);
    Gateway gateway;
    try {
      gateway = Gateway.start(settings(args), Clock.systemUTC());
    } catch (IOException | RuntimeException e) {
      e.printStackTrace();
      Runtime.getRuntime().halt(2);
      return;
    }
    say("port " + gateway.port());
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (line.startsWith("rows ")) {
          rows(home, line.substring("rows ".length()));
        } else {
          FailingSync.valueOf(line.substring("fail ".length())).begin();
        }
        say("done");
      }
    }
    Runtime.getRuntime().halt(0);
  }

  private static MoongateSettings settings(String[] args) {
    GenerationSettings usual = MoongateHarness.impatient();
    GenerationSettings generation =
        new GenerationSettings(
            usual.queueFor(),
            usual.firstPoll(),
            usual.pollEvery(),
            usual.faultRetries(),
            usual.linkLife(),
            usual.longestQueue(),
            Long.parseLong(args[3]),
            usual.reconcileAfter(),
            usual.keepFor());
    AccountSettings account =
        new AccountSettings(
            "beijing",
            "dashscope",
            URI.create(args[2]),
            List.of(new ApiKey("sk-one"), new ApiKey("sk-two")),
            Mode.ASYNC,
            new Account.Limits(null, null, null),
            List.of());
    return SettingsBuilder.from(
            MoongateHarness.settings(
                Path.of(args[0]), List.of(account), Key.parse(args[1]).orElseThrow()))
        .generation(generation)
        .build();
  }

  private static void rows(Path home, String query) throws SQLException {
    try (var connection =
        DriverManager.getConnection("jdbc:sqlite:" + home.resolve("moongate.db"))) {
      Rows.of(connection, query).forEach(row -> say("row " + row));
    }
  }

  /** Log lines go the same way; a mark tells what is meant for the parent. */
  private static void say(String line) {
    System.out.println("> " + line);
    System.out.flush();
  }
}
