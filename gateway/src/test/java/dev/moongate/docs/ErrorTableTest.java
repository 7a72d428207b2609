package dev.moongate.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moongate.error.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ErrorTableTest {
  @Test
  void docsListEveryCodeWithItsStatusTypeAndAdvice() throws IOException {
    List<String> documented =
        Files.readAllLines(Path.of("../docs/errors.md")).stream()
            .filter(line -> line.startsWith("| `"))
            .map(line -> line.split("\\|", -1))
            .map(cells ->
                String.join(
                    " ", cells[1].strip(), cells[2].strip(), cells[3].strip(), cells[4].strip()))
            .toList();
    List<String> real =
        Arrays.stream(ErrorCode.values())
            .map(code ->
                "`%s` %d `%s` %s"
                    .formatted(
                        code.wireName(), code.status(), code.type().wireName(), advice(code)))
            .toList();
    assertThat(documented).containsExactlyInAnyOrderElementsOf(real);
  }

  private static String advice(ErrorCode code) {
    return switch (code.resend()) {
      case NO -> "false";
      case YES -> "true";
      case IF_RECOGNISED -> "if recognised";
    };
  }
}
