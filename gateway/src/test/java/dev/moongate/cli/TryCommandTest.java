package dev.moongate.cli;

import static dev.moongate.testing.DashScopeScripts.delivering;
import static dev.moongate.testing.DashScopeScripts.png;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moongate.http.HttpSettings;
import dev.moongate.provider.ImageProvider.Mode;
import dev.moongate.testing.HttpSettingsBuilder;
import dev.moongate.testing.MoongateHarness;
import dev.moongate.testing.StandInUpstream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One picture from the command line. */
@Timeout(300)
class TryCommandTest {
  @TempDir private Path home;
  @TempDir private Path out;
  private final StringWriter printed = new StringWriter();

  @Test
  void pictureIsSavedAlsoWhereThePublicUrlLeadsElsewhere() throws IOException {
    byte[] picture = png(20, 20, 1);
    HttpSettings published =
        new HttpSettingsBuilder()
            .publicUrl(URI.create("https://images.example.invalid/gallery"))
            .build();
    try (StandInUpstream upstream = delivering(new StandInUpstream(), picture);
        MoongateHarness moongate =
            MoongateHarness.start(
                home, List.of(MoongateHarness.account(upstream.uri(), Mode.ASYNC)), published)) {
      int code =
          Moongate.commandLine()
              .setOut(new PrintWriter(printed, true))
              .execute(
                  "try",
                  "a flower shop",
                  "--home",
                  home.toString(),
                  "--port",
                  "" + moongate.port(),
                  "--out",
                  out.toString());
      assertThat(code).isZero();
    }
    assertThat(Files.readAllBytes(out.resolve("a-flower-shop.png"))).isEqualTo(picture);
    assertThat(printed.toString())
        .containsSubsequence("link  https://images.example.invalid/gallery/images/img_", "saved ");
  }

  @Test
  void portOfTheEnvironmentThatIsNoneIsToldInWords() {
    assertThat(TryCommand.port(null)).isEqualTo(8080);
    assertThat(TryCommand.port("81")).isEqualTo(81);
    assertThatThrownBy(() -> TryCommand.port("abc"))
        .isInstanceOf(CliException.class)
        .hasMessage("MOONGATE_PORT is abc; it must be a port");
  }
}
