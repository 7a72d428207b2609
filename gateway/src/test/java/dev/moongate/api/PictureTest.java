package dev.moongate.api;

import static dev.moongate.testing.DashScopeScripts.delivering;
import static dev.moongate.testing.DashScopeScripts.png;
import static org.assertj.core.api.Assertions.assertThat;

import dev.moongate.provider.ImageProvider.Mode;
import dev.moongate.testing.MoongateHarness;
import dev.moongate.testing.MoongateHarness.Answer;
import dev.moongate.testing.StandInUpstream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The stored picture at its link. */
@Timeout(300)
class PictureTest {
  private static final byte[] PICTURE = png(200, 100, 1);

  @TempDir private static Path home;
  private static StandInUpstream upstream;
  private static MoongateHarness moongate;
  private static String link;

  @BeforeAll
  static void start() {
    upstream = delivering(new StandInUpstream(), PICTURE);
    moongate = MoongateHarness.before(home, upstream.uri(), Mode.ASYNC);
    link =
        moongate
            .generate("{\"model\":\"wan2.7-image-pro\",\"prompt\":\"x\",\"link_expires_in\":3600}")
            .json()
            .at("/data/0/url")
            .stringValue();
  }

  @AfterAll
  static void stop() {
    moongate.close();
    upstream.close();
  }

  @Test
  void anyAuthorizationIsIgnoredAndTheHeadersKeepItAPicture() {
    Answer answer = get("Authorization", "Bearer somebody-elses");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.bytes()).isEqualTo(PICTURE);
    assertThat(answer.header("content-type")).isEqualTo("image/png");
    assertThat(answer.header("x-content-type-options")).isEqualTo("nosniff");
    assertThat(answer.header("content-security-policy")).contains("sandbox");
    int maxAge = Integer.parseInt(answer.header("cache-control").replaceAll(".*max-age=", ""));
    assertThat(maxAge).isBetween(3500, 3600);
  }

  @ParameterizedTest
  @CsvSource({"bytes=0-9,0,10", "bytes=10-,10,-1", "bytes=-5,-5,-1", "bytes=0-999999999,0,-1"})
  void partsAreServed(String range, int from, int to) {
    int first = from < 0 ? PICTURE.length + from : from;
    int end = to < 0 ? PICTURE.length : to;
    Answer answer = get("Range", range);
    assertThat(answer.status()).isEqualTo(206);
    assertThat(answer.bytes()).isEqualTo(Arrays.copyOfRange(PICTURE, first, end));
    assertThat(answer.header("content-range"))
        .isEqualTo("bytes %d-%d/%d".formatted(first, end - 1, PICTURE.length));
  }

  @Test
  void partBehindTheEndIsA416AndAnUnknownUnitTheWhole() {
    Answer behind = get("Range", "bytes=99999999-");
    assertThat(behind.status()).isEqualTo(416);
    assertThat(behind.header("content-range")).isEqualTo("bytes */" + PICTURE.length);
    assertThat(behind.error()).isEqualTo("416 range_not_satisfiable");
    assertThat(behind.header("x-should-retry")).isEqualTo("false");
    assertThat(get("Range", "lines=1-2").status()).isEqualTo(200);
  }

  @Test
  void rangeThatEndsBeforeItBeginsIsIgnored() {
    Answer answer = get("Range", "bytes=5-2");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.bytes()).isEqualTo(PICTURE);
  }

  @Test
  void whoHasItAlreadyIsToldSo() {
    String etag = get("Accept", "*/*").header("etag");
    Answer again = get("If-None-Match", etag);
    assertThat(again.status()).isEqualTo(304);
    assertThat(again.bytes()).isEmpty();
    Answer other =
        moongate.send(
            HttpRequest.newBuilder(URI.create(link))
                .header("Range", "bytes=0-9")
                .header("If-Range", "\"another\""));
    assertThat(other.status()).isEqualTo(200);
  }

  @Test
  void headHasTheHeadersAndNoBody() {
    Answer answer =
        moongate.send(
            HttpRequest.newBuilder(URI.create(link))
                .method("HEAD", HttpRequest.BodyPublishers.noBody()));
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("content-length")).isEqualTo("" + PICTURE.length);
    assertThat(answer.bytes()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "signature=.*,signature=AAAA,403 link_invalid",
    "expires=\\d+,expires=4000000000,403 link_invalid",
    "img_[0-9a-f]{32},img_00000000000000000000000000000000,403 link_invalid",
    "\\?.*,?x=1,403 link_invalid",
    "\\.png,.jpg,404 not_found"
  })
  void changedLinksAreWorthNothing(String part, String instead, String error) {
    Answer answer =
        moongate.send(HttpRequest.newBuilder(URI.create(link.replaceFirst(part, instead))));
    assertThat(answer.error()).isEqualTo(error);
  }

  private static Answer get(String header, String value) {
    return moongate.send(HttpRequest.newBuilder(URI.create(link)).header(header, value));
  }
}
