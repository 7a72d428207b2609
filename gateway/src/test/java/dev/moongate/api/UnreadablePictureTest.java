package dev.moongate.api;

import static dev.moongate.testing.DashScopeScripts.delivering;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.moongate.SeamedGateway;
import dev.moongate.auth.Key;
import dev.moongate.image.ImageBytes;
import dev.moongate.provider.ImageProvider.Mode;
import dev.moongate.store.ImageStore;
import dev.moongate.testing.Await;
import dev.moongate.testing.EventClient;
import dev.moongate.testing.EventClient.Block;
import dev.moongate.testing.Log;
import dev.moongate.testing.MoongateHarness;
import dev.moongate.testing.MoongateHarness.Answer;
import dev.moongate.testing.Pictures;
import dev.moongate.testing.Seam;
import dev.moongate.testing.StandInUpstream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A disk that cannot be read is told and logged; it does not pass for a client that went away. */
@Timeout(120)
class UnreadablePictureTest {
  private static final String BODY =
      "{\"model\":\"wan2.7-image-pro\",\"prompt\":\"x\",\"response_format\":\"%s\"}";

  @TempDir private Path home;
  private final Log log = Log.ofTheGatewayInFull();
  private volatile Opening opening = ImageBytes::open;
  private StandInUpstream upstream;
  private MoongateHarness moongate;

  /** What comes of opening a picture. */
  private interface Opening {
    InputStream open(ImageBytes bytes, long offset) throws IOException;
  }

  private static final Opening BROKEN =
      (_, _) -> {
        throw new IOException("Input/output error");
      };

  @BeforeEach
  void start() {
    upstream = delivering(new StandInUpstream(), Pictures.noise(600, 600));
    moongate =
        MoongateHarness.started(
            home,
            List.of(MoongateHarness.account(upstream.uri(), Mode.ASYNC)),
            Key.generate(new SecureRandom()),
            settings ->
                SeamedGateway.start(
                    settings,
                    Clock.systemUTC(),
                    UnaryOperator.identity(),
                    this::opened,
                    UnaryOperator.identity()));
  }

  @AfterEach
  void stop() {
    log.close();
    moongate.close();
    upstream.close();
  }

  private ImageStore opened(ImageStore store) {
    return Seam.around(
        ImageStore.class,
        store,
        "find",
        (real, _) -> ((Optional<?>) real.call()).map(found -> opened((ImageBytes) found)));
  }

  private ImageBytes opened(ImageBytes bytes) {
    return new ImageBytes() {
      @Override
      public long size() {
        return bytes.size();
      }

      @Override
      public InputStream open(long offset) throws IOException {
        return opening.open(bytes, offset);
      }
    };
  }

  private static InputStream breakAt(ImageBytes bytes, int length) throws IOException {
    try (InputStream in = bytes.open(0)) {
      return new SequenceInputStream(
          new ByteArrayInputStream(in.readNBytes(length)), new Unreadable());
    }
  }

  private static final class Unreadable extends InputStream {
    @Override
    public int read() throws IOException {
      throw new IOException("Input/output error");
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      return read();
    }
  }

  private void itIsLogged() {
    assertThat(log.text()).contains("a stored picture cannot be read");
    Await.until(
        "the access log has it",
        () ->
            log.events().stream()
                .filter(event -> event.getLoggerName().equals("dev.moongate.access"))
                .flatMap(event -> event.getKeyValuePairs().stream())
                .anyMatch(
                    pair -> pair.key.equals("error") && "store_unavailable".equals(pair.value)));
  }

  @Test
  void answerWithPicturesInItIsRefusedBeforeItBegins() {
    opening = BROKEN;
    Answer answer = moongate.generate(BODY.formatted("b64_json"));
    assertThat(answer.error()).isEqualTo("503 store_unavailable");
    assertThat(answer.header("x-should-retry")).isEqualTo("false");
    String id = answer.header("x-moongate-generation");
    opening = ImageBytes::open;
    assertThat(moongate.get("/v1/images/generations/" + id).json().path("status").stringValue())
        .isEqualTo("succeeded");
    itIsLogged();
  }

  @Test
  void streamSaysItInAnEvent() {
    opening = BROKEN;
    String body = BODY.formatted("b64_json").replace("}", ",\"stream\":true}");
    try (EventClient stream = moongate.stream(body)) {
      Block block = stream.nextNews();
      assertThat(block.name()).isEqualTo("error");
      assertThat(block.json().at("/error/code").stringValue()).isEqualTo("store_unavailable");
      assertThat(stream.next()).isNull();
    }
    itIsLogged();
  }

  @Test
  void linkIsAnsweredWithARefusalIfNothingOfThePictureCanBeRead() {
    URI link = link();
    for (Opening broken : List.<Opening>of(BROKEN, (bytes, _) -> breakAt(bytes, 0))) {
      opening = broken;
      Answer answer = moongate.get(link.getPath() + "?" + link.getQuery());
      assertThat(answer.error()).isEqualTo("503 store_unavailable");
      assertThat(answer.header("content-type")).isEqualTo("application/json");
    }
    itIsLogged();
  }

  @Test
  void answerThatBreaksOffInThePictureIsLogged() {
    URI link = link();
    opening = (bytes, _) -> breakAt(bytes, 100_000);
    assertThatExceptionOfType(UncheckedIOException.class)
        .isThrownBy(() -> moongate.get(link.getPath() + "?" + link.getQuery()));
    itIsLogged();
  }

  private URI link() {
    return URI.create(
        moongate.generate(BODY.formatted("url")).json().at("/data/0/url").stringValue());
  }
}
