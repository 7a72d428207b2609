package dev.moongate.http.body;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.moongate.error.ErrorCode;
import dev.moongate.error.GatewayException;
import dev.moongate.http.Json;
import dev.moongate.image.ImageBytes;
import dev.moongate.image.ImageFormat;
import dev.moongate.store.DiskImageStore;
import dev.moongate.store.ImageStore;
import dev.moongate.testing.Pictures;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bad inputs 24, 25, 107, 108, as far as reading goes. */
@Timeout(300)
class BodyReaderTest {
  private static final long LIMIT = 32L << 20;
  private static final long FORM_LIMIT = 40L << 20;
  private static final byte[] PNG = Pictures.png(300, 200);

  @TempDir Path folder;

  private final MemoryBudget budget = new MemoryBudget(64L << 20);
  private final AtomicLong room = new AtomicLong(Long.MAX_VALUE);
  private final DiskBudget disk = new DiskBudget(room::get);
  private DiskImageStore store;
  private BodyReader reader;

  @BeforeEach
  void open() throws IOException {
    store = new DiskImageStore(folder);
    reader = new BodyReader(store, LIMIT, FORM_LIMIT, budget, disk);
  }

  @Test
  void aBodyWithoutPicturesArrivesByteByByte() throws IOException {
    String json =
        "{\"a\":\"\\\"data:image/png;base64,AA\",\"b\\\\\":\"data:x\",\"c\":\"\",\"d\":\"dat\"}";
    try (ReceivedBody body = read(json)) {
      assertThat(new String(body.json(), StandardCharsets.UTF_8)).isEqualTo(json);
      assertThat(body.hasInputs()).isFalse();
    }
  }

  @Test
  void aPictureOf15MegabytesLeavesNeitherInHeapNorInJson() throws Exception {
    byte[] picture = Pictures.noise(2_300, 2_300);
    assertThat(picture.length).isGreaterThan(15 << 20);
    byte[] json = body(url("image/png", picture)).getBytes(StandardCharsets.UTF_8);
    MemoryBudget tiny = new MemoryBudget(4_096);
    try (ReceivedBody body =
        new BodyReader(store, LIMIT, FORM_LIMIT, tiny, disk)
            .read(new ByteArrayInputStream(json), json.length)) {
      assertThat(body.json()).hasSizeLessThan(1_024);
      SpooledInput input = only(body);
      assertThat(input.problem()).isNull();
      assertThat(input.sha256()).isEqualTo(sha256(picture));
      body.keepInputs(sha256 -> "inputs/" + sha256);
      try (InputStream kept = store.find("inputs/" + input.sha256()).orElseThrow().open(0)) {
        assertThat(kept.readAllBytes()).isEqualTo(picture);
      }
    }
    assertThat(tiny.used()).isZero();
    assertThat(unfinished()).isEmpty();
  }

  @Test
  void nothingIsKeptUnlessItIsAskedFor() throws IOException {
    try (ReceivedBody body = read(body(url("image/png", PNG)))) {
      assertThat(only(body).problem()).isNull();
      assertThat(unfinished()).hasSize(1);
    }
    assertThat(unfinished()).isEmpty();
    assertThat(folder.resolve("inputs")).doesNotExist();
    assertThat(budget.used()).isZero();
  }

  @Test
  void onePictureGivenTwiceIsKeptOnce() throws IOException {
    String url = url("image/png", PNG);
    try (ReceivedBody body = read("{\"a\":\"" + url + "\",\"b\":\"" + url + "\"}")) {
      assertThat(Json.object(body.json()).get("a")).isNotEqualTo(Json.object(body.json()).get("b"));
      body.keepInputs(sha256 -> "inputs/" + sha256);
    }
    try (Stream<Path> inputs = Files.list(folder.resolve("inputs"))) {
      assertThat(inputs).hasSize(1);
    }
    assertThat(unfinished()).isEmpty();
  }

  @Test
  void escapesInADataUrlAreUndone() throws IOException {
    String url =
        url("image/png", PNG)
            .replace("/", "\\/")
            .replace("data", "\\u0064ata")
            .replace("=", "\\u003D")
            .replaceFirst("iVBOR", "\\\\u0069VBOR");
    try (ReceivedBody body = read(body(url))) {
      assertThat(only(body).problem()).isNull();
      assertThat(only(body).bytes()).isEqualTo(PNG.length);
      assertThat(only(body).header().format()).isEqualTo(ImageFormat.PNG);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "data:image/png;base64,iVBO Rw0K",
        "data:image/png;base64,iVBO\\nRw0K",
        "data:image/png;base64,iVBO\nRw0K",
        "data:image/png;base64,iVB",
        "data:image/png;base64,i",
        "data:image/png;base64,iV=O",
        "data:image/png;base64,iV==iVBO",
        "data:image/png;base64,iVBO=",
        "data:image/png;base64,iVBO====",
        "data:image/png;base64,",
        "data:image/png;base64,iVB*",
        "data:image/png;base64,-_-_",
        "data:image/png;base64,\\u00e9VBO",
        "data:image/png;base64,\\u0z69VBO",
        "data:image/png;base64,iR==",
        "data:image/png;base64,\\q"
      })
  void wrongBase64IsAProblemOfThePicture(String url) throws IOException {
    try (ReceivedBody body = read(body(url))) {
      assertThat(only(body).problem()).as(url).isNotNull();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "data:image/png,iVBO",
        "data:,x",
        "data:;base64,iVBO",
        "data:base64,iVBO",
        "data:image/png;base64",
        "data:image/png;base6,4",
        "http://a/data:image/png;base64,AAAA"
      })
  void whatIsNoBase64DataUrlIsLeftInTheJson(String url) throws IOException {
    try (ReceivedBody body = read(body(url))) {
      assertThat(new String(body.json(), StandardCharsets.UTF_8)).isEqualTo(body(url));
    }
  }

  @Test
  void parametersAndCaseOfADataUrlAreTaken() throws IOException {
    String base64 = Base64.getEncoder().encodeToString(PNG);
    for (String prefix :
        new String[] {"DATA:IMAGE/PNG;BASE64,", "data:image/png;name=a.png;base64,"}) {
      try (ReceivedBody body = read(body(prefix + base64))) {
        assertThat(only(body).problem()).isNull();
        assertThat(only(body).matchesMediaType()).isTrue();
      }
    }
  }

  @Test
  void whereverTheBytesAreSplitTheResultIsTheSame() throws IOException {
    byte[] json = body(url("image/png", Pictures.png(300, 300))).getBytes(StandardCharsets.UTF_8);
    for (int at = 0; at <= json.length; at++) {
      InputStream split =
          new SequenceInputStream(
              new ByteArrayInputStream(json, 0, at),
              new ByteArrayInputStream(json, at, json.length - at));
      try (ReceivedBody body = reader.read(split, -1)) {
        assertThat(only(body).problem()).isNull();
        assertThat(only(body).header().width()).isEqualTo(300);
      }
    }
  }

  @Test
  void aBodyThatEndsAnywhereLeavesNothingBehind() throws IOException {
    byte[] json = body(url("image/png", Pictures.png(300, 300))).getBytes(StandardCharsets.UTF_8);
    for (int length = 0; length < json.length; length++) {
      ReceivedBody body = reader.read(new ByteArrayInputStream(json, 0, length), -1);
      byte[] left = body.json();
      body.close();
      assertThatThrownBy(() -> Json.object(left)).isInstanceOf(GatewayException.class);
    }
    assertThat(unfinished()).isEmpty();
    assertThat(budget.used()).isZero();
  }

  @Test
  void aDeclaredLengthOverTheLimitIsRefusedBeforeReading() {
    AtomicBoolean touched = new AtomicBoolean();
    InputStream in =
        new InputStream() {
          @Override
          public int read() {
            touched.set(true);
            return -1;
          }

          @Override
          public int read(byte[] bytes, int offset, int length) {
            return read();
          }
        };
    assertThat(refusal(in, LIMIT + 1).code()).isEqualTo(ErrorCode.BODY_TOO_LARGE);
    assertThat(touched).isFalse();
  }

  @Test
  void anUndeclaredLengthIsRefusedAsSoonAsItIsPassed() throws IOException {
    Endless endless = new Endless("{\"a\":\"data:image/png;base64,", "A");
    assertThat(refusal(endless, -1).code()).isEqualTo(ErrorCode.BODY_TOO_LARGE);
    assertThat(endless.given).isBetween(LIMIT + 1, LIMIT + (64 << 10));
    assertThat(budget.used()).isZero();
  }

  @Test
  void allBodiesTogetherStayWithinTheBudget() throws IOException {
    byte[] json = ("{\"a\":\"" + "x".repeat(600) + "\"}").getBytes(StandardCharsets.UTF_8);
    MemoryBudget small = new MemoryBudget(2_000);
    BodyReader limited = new BodyReader(store, LIMIT, FORM_LIMIT, small, disk);
    ReceivedBody first = limited.read(new ByteArrayInputStream(json), -1);
    GatewayException refusal =
        catchThrowableOfType(
            GatewayException.class, () -> limited.read(new ByteArrayInputStream(json), -1));
    assertThat(refusal.code()).isEqualTo(ErrorCode.OVERLOADED);
    assertThat(refusal.retryAfter()).isPositive().isLessThan(Duration.ofMinutes(1));
    first.close();
    first.close();
    assertThat(small.used()).isZero();
    limited.read(new ByteArrayInputStream(json), -1).close();
  }

  @Test
  void whatABodyHoldsIsPaidForBeforeItIsHeld() throws IOException {
    byte[] json = ("{\"a\":\"" + "x".repeat(3_000_000) + "\"}").getBytes(StandardCharsets.UTF_8);
    InputStream watched =
        new FilterInputStream(new ByteArrayInputStream(json)) {
          private long given;

          @Override
          public int read(byte[] bytes, int offset, int length) throws IOException {
            assertThat(budget.used()).isBetween(given, given + (512 << 10));
            int count = super.read(bytes, offset, length);
            given += Math.max(count, 0);
            return count;
          }
        };
    try (ReceivedBody body = reader.read(watched, -1)) {
      assertThat(body.json()).isEqualTo(json);
      assertThat(budget.used()).as("its bytes and its tree").isEqualTo(3L * json.length);
    }
    assertThat(budget.used()).isZero();
  }

  @Test
  void noMoreOfAPictureIsWrittenThanThereIsRoomFor() throws IOException {
    byte[] json =
        body(url("image/png", Pictures.noise(1_000, 1_000))).getBytes(StandardCharsets.UTF_8);
    room.set(DiskBudget.PIECE);
    AtomicLong largest = new AtomicLong();
    InputStream watched =
        new FilterInputStream(new ByteArrayInputStream(json)) {
          @Override
          public int read(byte[] bytes, int offset, int length) throws IOException {
            for (Path file : unfinished()) {
              largest.accumulateAndGet(Files.size(file), Math::max);
              // As on a real disk, what is written is not free any more.
              room.set(DiskBudget.PIECE - Files.size(file));
            }
            return super.read(bytes, offset, length);
          }
        };
    GatewayException refusal =
        catchThrowableOfType(GatewayException.class, () -> reader.read(watched, -1).close());
    assertThat(refusal.code()).isEqualTo(ErrorCode.INSUFFICIENT_STORAGE);
    assertThat(largest).hasValueBetween(1L, (long) DiskBudget.PIECE);
    assertThat(unfinished()).isEmpty();
    assertThat(budget.used()).isZero();
  }

  @Test
  void picturesThatAreReadSideBySideDoNotTakeTheSameRoom() throws IOException {
    room.set(DiskBudget.PIECE * 3 / 2);
    disk.take();
    assertThatThrownBy(disk::take).isInstanceOf(GatewayException.class);
    disk.giveBack();
    for (int i = 0; i < 3; i++) {
      read(body(url("image/png", PNG))).close();
    }
    disk.take();
    assertThatThrownBy(disk::take).isInstanceOf(GatewayException.class);
  }

  @ParameterizedTest
  @EnumSource(BrokenStore.Part.class)
  void aStoreThatFailsIsARefusalAndNotASilence(BrokenStore.Part part) {
    ImageStore broken = new BrokenStore(part, store);
    BodyReader onBroken = new BodyReader(broken, LIMIT, FORM_LIMIT, budget, disk);
    byte[] json = body(url("image/png", PNG)).getBytes(StandardCharsets.UTF_8);
    GatewayException refusal =
        catchThrowableOfType(
            GatewayException.class,
            () -> {
              try (ReceivedBody body = onBroken.read(new ByteArrayInputStream(json), -1)) {
                body.keepInputs(sha256 -> "inputs/" + sha256);
              }
            });
    assertThat(refusal.code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
    assertThat(refusal.message()).doesNotContain("No space");
    assertThat(budget.used()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "image/jpg, image/jpeg",
    "image/pjpeg, image/jpeg",
    "image/x-png, image/png",
    "image/x-bmp, image/bmp",
    "Image/X-MS-BMP, image/bmp"
  })
  void aFormatMayBeCalledByItsOtherNames(String name, String registered) throws IOException {
    byte[] picture =
        switch (registered) {
          case "image/jpeg" -> Pictures.jpeg(300, 200);
          case "image/bmp" -> Pictures.bmp(300, 200);
          default -> PNG;
        };
    try (ReceivedBody body = read(body(url(name, picture)))) {
      assertThat(only(body).mediaType()).isEqualTo(registered);
      assertThat(only(body).matchesMediaType()).isTrue();
      assertThat(only(body).fault()).isNull();
    }
  }

  @Test
  void manyTinyPicturesDoNotOpenManyFiles() throws IOException {
    String url = url("image/png", new byte[3]);
    GatewayException refusal =
        catchThrowableOfType(
            GatewayException.class,
            () -> read("{\"a\":[" + ("\"" + url + "\",").repeat(100_000) + "1]}"));
    assertThat(refusal.param()).isEqualTo("input.messages[0].content");
    assertThat(unfinished()).isEmpty();
    assertThat(budget.used()).isZero();
  }

  @Test
  void morePictureThan20MegabytesIsNotStored() throws IOException {
    byte[] large = new byte[(20 << 20) + 1];
    System.arraycopy(PNG, 0, large, 0, PNG.length);
    try (ReceivedBody body = read(body(url("image/png", large)))) {
      assertThat(only(body).problem()).contains("20 MB");
    }
  }

  @Test
  void bytesThatAreNoPictureDoNotEatTheBudget() throws IOException {
    byte[] json = body(url("image/png", new byte[4 << 20])).getBytes(StandardCharsets.UTF_8);
    MemoryBudget tiny = new MemoryBudget(4_096);
    try (ReceivedBody body =
        new BodyReader(store, LIMIT, FORM_LIMIT, tiny, disk)
            .read(new ByteArrayInputStream(json), -1)) {
      assertThat(only(body).header()).isNull();
    }
  }

  @Test
  void aHeaderFarBackIsFound() throws IOException {
    byte[] profile = Pictures.pngWith(300, 200, "iCCP", new byte[1_500_000]);
    byte[] endless = Pictures.pngWith(300, 200, "iCCP", new byte[3_000_000]);
    try (ReceivedBody body = read(body(url("image/png", profile)))) {
      assertThat(only(body).header().width()).isEqualTo(300);
    }
    try (ReceivedBody body = read(body(url("image/png", endless)))) {
      assertThat(only(body).problem()).contains("more than 2 MB of metadata before its pixels");
    }
    assertThat(budget.used()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      quoteCharacter = '\0',
      value = {
        "{\"a\":[ {\"a\": JSON_TOO_DEEP 16384",
        "{\"a\":[ \"k\":0, JSON_TOO_LARGE 65536",
        "{\"a\":\"x xxxx JSON_TOO_LARGE 4300000",
        "{\"a\":\"data:x AAAA JSON_TOO_LARGE 4300000"
      })
  void whatNoParserWouldTakeIsRefusedWhileItComes(
      String begin, String again, ErrorCode code, long most) {
    Endless endless = new Endless(begin, again);
    assertThat(refusal(endless, -1).code()).isEqualTo(code);
    assertThat(endless.given).isLessThanOrEqualTo(most);
    assertThat(budget.used()).isZero();
  }

  @Test
  void budgetIsNeverMoreThanAQuarterOfTheHeap() {
    long quarter = Runtime.getRuntime().maxMemory() / 4;
    MemoryBudget all = MemoryBudget.withinHeap(Long.MAX_VALUE);
    all.take(quarter);
    assertThatThrownBy(() -> all.take(1)).isInstanceOf(GatewayException.class);
    MemoryBudget some = MemoryBudget.withinHeap(10);
    assertThatThrownBy(() -> some.take(11)).isInstanceOf(GatewayException.class);
  }

  static Stream<Arguments> wholePictures() {
    return Stream.of(
        Arguments.of("image/png", PNG),
        Arguments.of("image/jpeg", Pictures.jpeg(300, 200)),
        Arguments.of("image/jpg", Pictures.jpeg(300, 200)),
        Arguments.of("image/bmp", Pictures.bmp(300, 200)));
  }

  @ParameterizedTest
  @MethodSource("wholePictures")
  void aPictureIsWholeOrAtFault(String mediaType, byte[] picture) throws IOException {
    try (ReceivedBody body = read(body(url(mediaType, picture)))) {
      assertThat(only(body).fault()).isNull();
      assertThat(only(body).matchesMediaType()).isTrue();
    }
    for (int cut : new int[] {picture.length - 1, picture.length / 2, 200}) {
      try (ReceivedBody body = read(body(url(mediaType, Arrays.copyOf(picture, cut))))) {
        assertThat(only(body).fault()).as(mediaType + " " + cut).contains("cut off");
      }
    }
  }

  @Test
  void whatCamerasWriteBehindTheEndOfAJpegIsNoFault() throws IOException {
    byte[] jpeg = Pictures.jpeg(300, 200);
    byte[] more = Arrays.copyOf(jpeg, jpeg.length + 1_000);
    Arrays.fill(more, jpeg.length, more.length, (byte) 'S');
    try (ReceivedBody body = read(body(url("image/jpeg", more)))) {
      assertThat(only(body).fault()).isNull();
    }
  }

  @Test
  void theEndOfAThumbnailIsNotTheEndOfTheJpeg() throws IOException {
    byte[] jpeg = Pictures.jpeg(300, 200);
    byte[] thumbnail = {(byte) 0xFF, (byte) 0xE1, 0, 6, (byte) 0xFF, (byte) 0xD9, 1, 2};
    byte[] cut = new byte[200];
    System.arraycopy(jpeg, 0, cut, 0, 2);
    System.arraycopy(thumbnail, 0, cut, 2, thumbnail.length);
    System.arraycopy(jpeg, 2, cut, 2 + thumbnail.length, cut.length - 2 - thumbnail.length);
    try (ReceivedBody body = read(body(url("image/jpeg", cut)))) {
      assertThat(only(body).fault()).isNotNull();
    }
  }

  private GatewayException refusal(InputStream in, long declared) {
    return catchThrowableOfType(GatewayException.class, () -> reader.read(in, declared));
  }

  private ReceivedBody read(String json) throws IOException {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    return reader.read(new ByteArrayInputStream(bytes), bytes.length);
  }

  private static SpooledInput only(ReceivedBody body) {
    String text = Json.object(body.json()).get("a").stringValue();
    Optional<SpooledInput> input = body.findInput(text);
    assertThat(input).as(text).isPresent();
    return input.orElseThrow();
  }

  private static String body(String url) {
    return "{\"n\":1,\"a\":\"" + url + "\",\"b\":[true,\"x\"]}";
  }

  private static String url(String mediaType, byte[] picture) {
    return "data:" + mediaType + ";base64," + Base64.getEncoder().encodeToString(picture);
  }

  private static String sha256(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  private List<Path> unfinished() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve(".tmp"))) {
      return files.toList();
    }
  }

  /** A disk that is full, from one step on. */
  record BrokenStore(Part part, ImageStore whole) implements ImageStore {
    enum Part {
      OPEN,
      WRITE,
      COMMIT
    }

    @Override
    public Sink newSink() throws IOException {
      failAt(Part.OPEN);
      Sink sink = whole.newSink();
      return new Sink() {
        @Override
        public OutputStream out() {
          return new FilterOutputStream(sink.out()) {
            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
              failAt(Part.WRITE);
              out.write(bytes, offset, length);
            }
          };
        }

        @Override
        public void commit(String storageKey) throws IOException {
          failAt(Part.COMMIT);
          sink.commit(storageKey);
        }

        @Override
        public void close() throws IOException {
          sink.close();
        }
      };
    }

    private void failAt(Part step) throws IOException {
      if (step == part) {
        throw new IOException("No space left on device");
      }
    }

    @Override
    public Optional<ImageBytes> find(String storageKey) {
      return whole.find(storageKey);
    }

    @Override
    public void delete(String storageKey) throws IOException {
      whole.delete(storageKey);
    }

    @Override
    public List<String> list(String folder) throws IOException {
      return whole.list(folder);
    }

    @Override
    public long freeBytes() {
      return 0;
    }
  }

  /** Never ends, and counts what it gave. */
  private static final class Endless extends InputStream {
    private final byte[] begin;
    private final byte[] again;
    private long given;

    Endless(String begin, String again) {
      this.begin = begin.getBytes(StandardCharsets.US_ASCII);
      this.again = again.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public int read() {
      long at = given++;
      return at < begin.length
          ? begin[(int) at]
          : again[(int) ((at - begin.length) % again.length)];
    }

    @Override
    public int read(byte[] bytes, int offset, int length) {
      for (int i = 0; i < length; i++) {
        bytes[offset + i] = (byte) read();
      }
      return length;
    }
  }
}
