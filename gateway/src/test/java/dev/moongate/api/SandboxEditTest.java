package dev.moongate.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moongate.testing.Form;
import dev.moongate.testing.MoongateHarness;
import dev.moongate.testing.MoongateHarness.Answer;
import dev.moongate.testing.Pictures;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The sandbox, like the vendor, gives an edit the shape of the last picture. */
@Timeout(300)
class SandboxEditTest {
  @TempDir private Path home;

  @Test
  void lastPictureOfAFormGivesItsShape() {
    byte[] square = Pictures.png(300, 300);
    byte[] wide = Pictures.jpeg(800, 400);
    try (MoongateHarness moongate = MoongateHarness.sandbox(home)) {
      assertThat(sizeAfter(moongate, square, wide)).isEqualTo("1448*724");
      assertThat(sizeAfter(moongate, wide, square)).isEqualTo("1024*1024");
    }
  }

  private static String sizeAfter(MoongateHarness moongate, byte[] first, byte[] second) {
    Answer answer = Form.edit().picture(first).picture(second).text("size", "1K").sendTo(moongate);
    assertThat(answer.status()).as(answer.json().toString()).isEqualTo(200);
    return answer.json().at("/metadata/usage/size").stringValue();
  }
}
