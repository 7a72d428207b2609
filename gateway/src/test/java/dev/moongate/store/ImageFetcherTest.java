package dev.moongate.store;

import static dev.moongate.testing.StandInUpstream.bytes;
import static dev.moongate.testing.StandInUpstream.hangUp;
import static dev.moongate.testing.StandInUpstream.html;
import static dev.moongate.testing.StandInUpstream.json;
import static dev.moongate.testing.StandInUpstream.reset;
import static dev.moongate.testing.StandInUpstream.silence;
import static dev.moongate.testing.StandInUpstream.truncated;
import static org.assertj.core.api.Assertions.assertThat;

import dev.moongate.image.ImageFormat;
import dev.moongate.provider.Egress;
import dev.moongate.provider.HttpCalls;
import dev.moongate.store.FetchOutcome.Broken;
import dev.moongate.store.FetchOutcome.Fetched;
import dev.moongate.store.FetchOutcome.Gone;
import dev.moongate.store.FetchOutcome.Retry;
import dev.moongate.testing.Await;
import dev.moongate.testing.StandInUpstream;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(300)
class ImageFetcherTest {
  private static final byte[] PNG = picture("png");
  private static final FetchRules RULES = FetchRules.of(List.of("127.0.0.1"), false);

  private final StandInUpstream upstream = new StandInUpstream();
  private final HttpCalls calls = new HttpCalls(Egress.DIRECT);
  private final ImageFetcher fetcher = new ImageFetcher(calls);
  private final Sink sink = new Sink();

  @AfterEach
  void stop() {
    calls.close();
    upstream.close();
  }

  private FetchOutcome fetch(StandInUpstream.Handler answer) {
    upstream.respond("/a.png", answer);
    return fetcher.fetch(upstream.url("/a.png"), RULES, sink);
  }

  @Test
  void aPictureIsStreamedIntoTheSink() throws Exception {
    assertThat(fetch(bytes(200, "image/png", PNG)))
        .isEqualTo(new Fetched(ImageFormat.PNG, 500, 400, PNG.length, sha256(PNG)));
    assertThat(sink.bytes.toByteArray()).isEqualTo(PNG);
    assertThat(upstream.received().getFirst().headers().keySet())
        .containsExactlyInAnyOrder("host", "user-agent", "accept-encoding");
  }

  @Test
  void aSignedLinkIsAskedForAsItIsWritten() {
    String target = "/a%2Fb/c.png?Expires=1&Signature=a%2Bb%2f%3D+x&x=%20&y=*~'";
    upstream.respond("/a%2Fb/c.png", bytes(200, "image/png", PNG));
    assertThat(fetcher.fetch(upstream.url(target), RULES, sink)).isInstanceOf(Fetched.class);
    assertThat(upstream.received().getFirst().target()).isEqualTo(target);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "file:///etc/passwd", "http://10.0.0.1/a.png", "http://localhost:1/a.png", "oss://b/a",
        "http://user@127.0.0.1/a.png", "not a link", "", "http://[::1]/a.png",
        "http://169.254.169.254/latest/meta-data"
      })
  void row136OtherSchemesAndClosedAddressesAreNotFollowed(String link) {
    assertThat(fetcher.fetch(link, RULES, sink)).isInstanceOf(Gone.class);
    assertThat(sink.bytes.size()).isZero();
  }

  @Test
  void anAddressOfTheInsideIsNotConnectedToUnlessItsHostIsTrusted() {
    FetchRules nobody = FetchRules.of(List.of("*.example.com"), false);
    assertThat(fetcher.fetch(upstream.url("/a.png"), nobody, sink)).isInstanceOf(Gone.class);
    assertThat(upstream.connections()).isZero();
  }

  @Test
  void aSuffixOfTrustedHostsCoversWhatIsBelowIt() {
    FetchRules rules = FetchRules.of(List.of("*.aliyuncs.com", "Images.example.com"), true);
    assertThat(rules.trusts("a.oss-cn-beijing.ALIYUNCS.com")).isTrue();
    assertThat(rules.trusts("images.example.com")).isTrue();
    assertThat(rules.trusts("aliyuncs.com")).isFalse();
    assertThat(rules.trusts("evilaliyuncs.com")).isFalse();
    assertThat(rules.trusts("x.images.example.com")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308})
  void row103ARedirectIsJudgedByItself(int status) {
    StandInUpstream inner = new StandInUpstream();
    try (inner) {
      String there = "http://localhost:" + inner.port() + "/a.png";
      assertThat(fetch(json(status, Map.of("Location", there), ""))).isInstanceOf(Gone.class);
      assertThat(inner.connections()).isZero();
    }
  }

  @Test
  void row103ARedirectWithinTheTrustedHostIsFollowed() {
    upstream.respond("/b.png", bytes(200, "image/png", PNG));
    assertThat(fetch(json(302, Map.of("Location", "/b.png"), ""))).isInstanceOf(Fetched.class);
  }

  @Test
  void row103ALoopOfRedirectsEnds() {
    assertThat(fetch(json(302, Map.of("Location", "/a.png"), ""))).isInstanceOf(Gone.class);
    assertThat(upstream.received()).hasSize(4);
  }

  @ParameterizedTest
  @ValueSource(ints = {403, 404, 410})
  void row137WhatIsRefusedIsGone(int status) {
    assertThat(fetch(html(status))).isInstanceOf(Gone.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 502, 503, 429, 408, 204, 206, 401})
  void row137WhatMayComeLaterIsTriedAgain(int status) {
    assertThat(fetch(html(status))).isInstanceOf(Retry.class);
  }

  @Test
  void row137AConnectionThatEndsIsToldApartFromAServerThatIsOutOfReach() {
    assertThat(fetch(reset())).isInstanceOf(Broken.class);
    // A connection of before, which is gone by now, may be tried first.
    Await.until("it hangs up", () -> fetch(hangUp()) instanceof Broken);
    upstream.close();
    Await.until("nobody answers", () -> fetch(reset()) instanceof Retry);
    String unknown = "http://nobody.invalid/a.png";
    assertThat(fetcher.fetch(unknown, RULES, sink)).isInstanceOf(Retry.class);
  }

  @Test
  void row137StallsAreTriedAgain() {
    upstream.respond("/slow.png", silence());
    FetchRules hasty =
        new FetchRules(
            List.of("127.0.0.1"),
            false,
            1 << 20,
            8_192,
            Duration.ofMillis(300),
            Duration.ofSeconds(1));
    assertThat(fetcher.fetch(upstream.url("/slow.png"), hasty, sink)).isInstanceOf(Retry.class);
    upstream.respond(
        "/stall.png",
        (_, reply) -> {
          reply.raw("HTTP/1.1 200 X\r\nContent-Length: 90000\r\n\r\n");
          reply.raw(Arrays.copyOf(PNG, 1_000));
          reply.hang();
        });
    assertThat(fetcher.fetch(upstream.url("/stall.png"), hasty, sink)).isInstanceOf(Retry.class);
  }

  @Test
  void row137AStreamThatDripsIsBrokenOff() {
    upstream.respond(
        "/drip.png",
        (_, reply) -> {
          reply.raw("HTTP/1.1 200 X\r\nContent-Length: 900000\r\n\r\n");
          while (true) {
            reply.raw(new byte[] {1});
            java.util.concurrent.locks.LockSupport.parkNanos(20_000_000);
          }
        });
    FetchRules hasty =
        new FetchRules(
            List.of("127.0.0.1"),
            false,
            1 << 20,
            8_192,
            Duration.ofMillis(400),
            Duration.ofMinutes(10));
    long begin = System.nanoTime();
    assertThat(fetcher.fetch(upstream.url("/drip.png"), hasty, sink)).isInstanceOf(Retry.class);
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofMinutes(5));
  }

  @Test
  void row138WhatIsShorterThanAnnouncedIsBrokenInAFewWords() {
    assertThat(fetch(truncated(200, "image/png", PNG, PNG.length - 20)))
        .isEqualTo(new Broken("broke off: the connection ended"));
  }

  @Test
  void row138ACutPictureOfWellFormedLengthIsBroken() {
    assertThat(fetch(bytes(200, "image/png", Arrays.copyOf(PNG, PNG.length - 12))))
        .isInstanceOf(Gone.class);
    byte[] jpeg = picture("jpg");
    assertThat(fetch(bytes(200, "image/jpeg", Arrays.copyOf(jpeg, jpeg.length - 2))))
        .isInstanceOf(Gone.class);
    assertThat(fetch(bytes(200, "image/jpeg", jpeg))).isInstanceOf(Fetched.class);
  }

  @Test
  void row138AWrongChecksumIsBroken() {
    byte[] damaged = PNG.clone();
    damaged[PNG.length / 2] ^= 1;
    assertThat(fetch(bytes(200, "image/png", damaged))).isInstanceOf(Gone.class);
  }

  @Test
  void rows138And139TheBytesDecideNotTheContentType() {
    assertThat(fetch(bytes(200, "text/html", PNG))).isInstanceOf(Fetched.class);
    assertThat(
            fetch(
                bytes(
                    200,
                    "image/png",
                    "<html>sorry</html>".getBytes(java.nio.charset.StandardCharsets.UTF_8))))
        .isInstanceOf(Gone.class);
    assertThat(fetch(bytes(200, "image/png", new byte[0]))).isInstanceOf(Gone.class);
  }

  @Test
  void row140TooManyBytesAreNotTaken() {
    FetchRules small =
        new FetchRules(
            List.of("127.0.0.1"),
            false,
            PNG.length - 1,
            1,
            Duration.ofMinutes(2),
            Duration.ofMinutes(2));
    upstream.respond("/a.png", bytes(200, "image/png", PNG));
    assertThat(fetcher.fetch(upstream.url("/a.png"), small, sink)).isInstanceOf(Gone.class);
    upstream.respond(
        "/endless.png",
        (_, reply) -> {
          reply.raw("HTTP/1.1 200 X\r\nConnection: close\r\n\r\n");
          reply.raw(PNG);
          while (true) {
            reply.raw(new byte[8_192]);
          }
        });
    assertThat(fetcher.fetch(upstream.url("/endless.png"), small, sink)).isInstanceOf(Gone.class);
  }

  @Test
  void row140AHeaderThatClaimsTooMuchIsRefused() {
    byte[] huge = PNG.clone();
    huge[16] = 0x01;
    assertThat(fetch(bytes(200, "image/png", huge))).isInstanceOf(Gone.class);
  }

  @Test
  void anHttpLinkOfAnHttpsAccountIsFetchedAsHttps() {
    // Nothing there speaks TLS: the proof is that no request comes in plain text.
    upstream.respond("/a.png", bytes(200, "image/png", PNG));
    FetchRules secure =
        new FetchRules(
            List.of("127.0.0.1"), true, 1 << 20, 1, Duration.ofMillis(500), Duration.ofSeconds(1));
    assertThat(fetcher.fetch(upstream.url("/a.png"), secure, sink)).isInstanceOf(Retry.class);
    assertThat(upstream.received()).isEmpty();
  }

  private static byte[] picture(String format) {
    BufferedImage image = new BufferedImage(500, 400, BufferedImage.TYPE_INT_RGB);
    Random random = new Random(7);
    for (int i = 0; i < 500 * 400; i++) {
      image.setRGB(i % 500, i / 500, random.nextInt());
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, format, out);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return out.toByteArray();
  }

  private static String sha256(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  /** Keeps the bytes. */
  private static final class Sink implements ImageStore.Sink {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    @Override
    public OutputStream out() {
      return bytes;
    }

    @Override
    public void commit(String storageKey) {}

    @Override
    public void close() {}
  }
}
