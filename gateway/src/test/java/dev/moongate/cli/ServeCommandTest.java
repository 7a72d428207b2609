package dev.moongate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A gateway that cannot listen says why. */
@Timeout(300)
class ServeCommandTest {
  @TempDir private Path home;
  private final StringWriter err = new StringWriter();

  private int serve(String host, int port) {
    return Moongate.commandLine()
        .setErr(new PrintWriter(err, true))
        .execute(
            "serve", "--sandbox", "--home", home.toString(), "--host", host, "--port", "" + port);
  }

  @Test
  void portThatIsTakenIsNamed() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThat(serve("127.0.0.1", taken.getLocalPort())).isEqualTo(1);
      assertThat(err.toString())
          .startsWith("Port " + taken.getLocalPort() + " on 127.0.0.1 is in use.");
    }
  }

  @Test
  void addressOfAnotherMachineIsNotTakenForAPortInUse() {
    assertThat(serve("203.0.113.5", 0)).isEqualTo(1);
    assertThat(err.toString())
        .startsWith("203.0.113.5 is no address of this machine")
        .doesNotContain("in use");
  }
}
