package dev.moongate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moongate.auth.Key;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeysCommandTest {
  @TempDir private Path home;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--home");
    all.add(home.toString());
    return Moongate.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(all.toArray(String[]::new));
  }

  @Test
  void aKeyWithAWebhookIsPrintedWithItsSecretAndListedWithItsHost() {
    assertThat(run("keys", "add", "shop", "--webhook", "https://hooks.example.com/a-token"))
        .isZero();
    List<String> lines = out.toString().lines().toList();
    assertThat(lines).hasSize(2);
    assertThat(Key.parse(lines.getFirst())).isPresent();
    assertThat(lines.getLast()).matches("whsec_[A-Za-z0-9+/]{43}=");

    assertThat(run("keys", "add", "other")).isZero();
    assertThat(out.toString().lines().toList()).hasSize(3);
    assertThat(run("keys", "list")).isZero();
    assertThat(out.toString().lines().toList().subList(4, 6))
        .satisfiesExactly(
            shop -> assertThat(shop).endsWith("works, webhook hooks.example.com"),
            other -> assertThat(other).endsWith("works"));
    assertThat(out.toString()).doesNotContain("a-token");
  }

  @ParameterizedTest
  @CsvSource({
    "http://hooks.example.com/a, must begin with https://",
    "https://10.0.0.1/a, 'names the address 10.0.0.1, which is not public'",
    "http://localhost:9000/a, needs webhooks.allow-private"
  })
  void aBadWebhookIsRefusedNamingTheRuleAndNoKeyIsMade(String url, String rule) {
    assertThat(run("keys", "add", "shop", "--webhook", url)).isEqualTo(1);
    assertThat(err.toString()).startsWith("The webhook URL ").contains(rule);
    assertThat(out.toString()).isEmpty();
    run("keys", "list");
    assertThat(out.toString().lines().toList()).hasSize(1);
  }

  @Test
  void forDevelopmentTheFileMayAllowLoopback() throws IOException {
    Path config =
        Files.writeString(home.resolve("moongate.yaml"), "webhooks: { allow-private: true }");
    assertThat(
            run(
                "keys",
                "add",
                "shop",
                "--webhook",
                "http://localhost:9000/a",
                "--config",
                config.toString()))
        .isZero();
  }
}
