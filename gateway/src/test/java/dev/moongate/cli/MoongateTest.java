package dev.moongate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is typed first. */
class MoongateTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    return Moongate.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(Moongate.withCommand(arguments));
  }

  @ParameterizedTest
  @ValueSource(strings = {"-h", "--help", "help"})
  void helpListsTheCommandsAndIsNoMistake(String asked) {
    assertThat(run(asked)).isZero();
    assertThat(out.toString()).contains("Usage: moongate", "serve ", "try ", "keys ", "audit ");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void versionIsToldByEveryCommand() {
    assertThat(run("--version")).isZero();
    assertThat(run("keys", "add", "-V")).isZero();
    assertThat(out.toString().lines())
        .hasSize(2)
        .allSatisfy(line -> assertThat(line).startsWith("moongate ").contains(", Java 25"));
  }

  @Test
  void optionsAloneAreThoseOfServe() {
    assertThat(Moongate.withCommand()).containsExactly("serve");
    assertThat(Moongate.withCommand("--port", "9000")).containsExactly("serve", "--port", "9000");
    assertThat(Moongate.withCommand("try", "--n", "2")).containsExactly("try", "--n", "2");
    assertThat(run("--prot", "9000")).isEqualTo(2);
    assertThat(err.toString()).startsWith("Unknown option").contains("Usage: moongate serve");
  }
}
