package dev.moongate.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moongate.provider.ImageProvider.Mode;
import dev.moongate.testing.DashScopeFace;
import dev.moongate.testing.DashScopeScripts;
import dev.moongate.testing.Form;
import dev.moongate.testing.MoongateHarness;
import dev.moongate.testing.MoongateHarness.Answer;
import dev.moongate.testing.TaskUpstream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a caller is told about a request does not make another request of it. */
@Timeout(120)
class RemarksAreNoRequestTest {
  private static final String KEY = "Idempotency-Key";
  private static final String COUNT = "X-Stainless-Retry-Count";
  private static final String SEQUENCE =
      "{\"model\":\"wan2.7-image-pro\",\"prompt\":\"x\",\"n\":2,\"enable_sequential\":true,\"thinking_mode\":true}";

  @TempDir private Path home;
  private final TaskUpstream upstream = new TaskUpstream();
  private MoongateHarness moongate;

  @BeforeEach
  void start() {
    moongate = MoongateHarness.before(home, upstream.http().uri(), Mode.ASYNC);
  }

  @AfterEach
  void stop() {
    moongate.close();
    upstream.close();
  }

  private void joined(Answer first, Answer again) {
    assertThat(first.status()).isEqualTo(200);
    assertThat(again.status()).isEqualTo(200);
    assertThat(again.header("x-moongate-generation"))
        .isEqualTo(first.header("x-moongate-generation"));
    assertThat(upstream.submits()).isEqualTo(1);
  }

  @Test
  void requestThatIsWarnedAboutIsJoinedAtTheOtherFace() {
    Answer here = moongate.generate(SEQUENCE, KEY, "k");
    assertThat(here.json().at("/warnings/0/param").stringValue()).isEqualTo("thinking_mode");
    joined(
        here,
        new DashScopeFace(moongate)
            .sync(
                DashScopeFace.body(
                    "x", "{\"n\":2,\"enable_sequential\":true,\"thinking_mode\":true}"),
                KEY,
                "k"));
  }

  @Test
  void editIsJoinedWhateverTheOrderOfWhatIsIgnored() {
    byte[] png = DashScopeScripts.png(320, 240, 5);
    Answer form =
        Form.edit()
            .text("quality", "high")
            .text("input_fidelity", "high")
            .picture(png)
            .sendTo(moongate, KEY, "k");
    assertThat(form.json().path("warnings").size()).isEqualTo(2);
    String json =
        "{\"model\":\"wan2.7-image-pro\",\"prompt\":\"x\",\"input_fidelity\":\"low\",\"images\":[{\"image_url\":\"data:image/png;base64,%s\"}],\"quality\":\"high\"}"
            .formatted(Base64.getEncoder().encodeToString(png));
    joined(
        form,
        Form.send(moongate, "application/json", json.getBytes(StandardCharsets.UTF_8), KEY, "k"));
  }

  @Test
  void generationOfBeforeIsJoinedByItsKeyAndByTheCountOfAnSdk() throws Exception {
    Answer first = moongate.generate(SEQUENCE, KEY, "k");
    String id = first.header("x-moongate-generation");
    String request =
        moongate.rows("SELECT request FROM generation WHERE id = '%s'".formatted(id)).getFirst();
    assertThat(request).contains("no_effect");
    byte[] hash =
        MessageDigest.getInstance("SHA-256")
            .digest(("images/generations\n" + request).getBytes(StandardCharsets.UTF_8));
    for (String table : new String[] {"generation", "idempotency"}) {
      assertThat(
              moongate.rows(
                  "UPDATE %s SET fingerprint = '%s' RETURNING fingerprint"
                      .formatted(table, HexFormat.of().formatHex(hash))))
          .hasSize(1);
    }
    joined(first, moongate.generate(SEQUENCE, KEY, "k"));
    joined(first, moongate.generate(SEQUENCE, COUNT, "1"));
    assertThat(moongate.generate(SEQUENCE.replace("\"x\"", "\"y\""), KEY, "k").error())
        .isEqualTo("422 idempotency_key_reused");
  }
}
