package dev.moongate.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moongate.error.ErrorCode;
import dev.moongate.error.GatewayException;
import dev.moongate.http.ErrorShape;
import dev.moongate.http.dashscope.DashScopeErrors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a refusal is called under the vendor's addresses is what the document says. */
class DashScopeErrorTableTest {
  @Test
  void docsListEveryCodeWithTheVendorsStatusAndCode() throws IOException {
    List<String> documented =
        Files.readAllLines(Path.of("../docs/dashscope-native.md")).stream()
            .filter(line -> line.matches("\\| `[a-z_]+` \\|.*"))
            .map(line -> line.split("\\|", -1))
            .map(cells -> String.join(" ", cells[1].strip(), cells[2].strip(), cells[3].strip()))
            .toList();
    List<String> real =
        Arrays.stream(ErrorCode.values()).map(DashScopeErrorTableTest::row).toList();
    assertThat(documented).containsExactlyInAnyOrderElementsOf(real);
  }

  private static String row(ErrorCode code) {
    ErrorShape.Written written =
        new DashScopeErrors().write(new GatewayException(code, "x"), "req_1");
    return "`%s` %d `%s`"
        .formatted(code.wireName(), written.status(), written.body().path("code").stringValue());
  }
}
