package dev.moongate.http.body;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.moongate.error.ErrorCode;
import dev.moongate.error.GatewayException;
import dev.moongate.http.Json;
import dev.moongate.store.DiskImageStore;
import dev.moongate.testing.Form;
import dev.moongate.testing.Pictures;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

/** Forms on their way in: what they hold arrives as it is, and nothing of a broken one stays. */
@Timeout(300)
class FormReaderTest {
  private static final long LIMIT = 4L << 20;
  private static final byte[] PNG = Pictures.png(300, 250);
  private static final FormRules RULES =
      new FormRules() {
        @Override
        public String pictures() {
          return "image";
        }

        @Override
        public boolean isPicture(String name, int before) {
          return name.equals("image");
        }

        @Override
        public GatewayException strayFile(String name) {
          return new GatewayException(ErrorCode.UNKNOWN_PARAMETER, name, "a file");
        }
      };

  @TempDir Path folder;

  private final MemoryBudget budget = new MemoryBudget(1L << 20);
  private final AtomicLong room = new AtomicLong(Long.MAX_VALUE);
  private DiskImageStore store;
  private BodyReader reader;

  @BeforeEach
  void open() throws IOException {
    store = new DiskImageStore(folder);
    reader = new BodyReader(store, 1, LIMIT, budget, new DiskBudget(room::get));
  }

  private ReceivedBody read(InputStream in) throws IOException {
    return reader.readForm(in, -1, Form.BOUNDARY, RULES);
  }

  private ReceivedBody read(byte[] form) throws IOException {
    return read(new ByteArrayInputStream(form));
  }

  private GatewayException refusal(byte[] form) {
    return refusal(new ByteArrayInputStream(form));
  }

  private GatewayException refusal(InputStream in) {
    return catchThrowableOfType(GatewayException.class, () -> read(in).close());
  }

  private void nothingIsLeft() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve(".tmp"))) {
      assertThat(files).isEmpty();
    }
    assertThat(budget.used()).isZero();
  }

  private byte[] kept(ReceivedBody body, ObjectNode json, int index) throws IOException {
    SpooledInput input = body.findInput(json.path("image").path(index).stringValue()).orElseThrow();
    body.keepInputs(sha256 -> "inputs/" + sha256);
    try (InputStream in = store.find("inputs/" + input.sha256()).orElseThrow().open(0)) {
      return in.readAllBytes();
    }
  }

  @Test
  void whereverTheBytesAreSplitTheResultIsTheSame() throws IOException {
    byte[] tricky =
        ("\r\r\n-\r\n--" + Form.BOUNDARY.substring(0, 12) + "\r\r\n--\n\n\r")
            .getBytes(StandardCharsets.US_ASCII);
    byte[] form = Form.edit().picture(tricky).picture(new byte[0]).bytes();
    for (int at = 0; at <= form.length; at++) {
      InputStream split =
          new SequenceInputStream(
              new ByteArrayInputStream(form, 0, at),
              new ByteArrayInputStream(form, at, form.length - at));
      try (ReceivedBody body = read(split)) {
        ObjectNode json = Json.object(body.json());
        assertThat(json.path("model").stringValue()).isEqualTo("wan2.7-image-pro");
        assertThat(kept(body, json, 0)).as("split at " + at).isEqualTo(tricky);
        assertThat(body.findInput(json.path("image").path(1).stringValue()).orElseThrow().problem())
            .isEqualTo("is empty");
      }
    }
    nothingIsLeft();
  }

  @Test
  void bytesThatLookLikeABoundaryStayThePictures() throws IOException {
    byte[] noise = Pictures.noise(400, 400);
    byte[] marks =
        ("\r\n--" + Form.BOUNDARY.substring(1) + "\r\n").getBytes(StandardCharsets.US_ASCII);
    for (int i = 1; i + marks.length < noise.length; i += 997) {
      System.arraycopy(marks, 0, noise, i, marks.length);
    }
    try (ReceivedBody body = read(Form.edit().picture(noise).bytes())) {
      assertThat(kept(body, Json.object(body.json()), 0)).isEqualTo(noise);
    }
  }

  @Test
  void formThatEndsAnywhereIsRefusedAndLeavesNothingBehind() throws IOException {
    byte[] form = Form.edit().picture(PNG).bytes();
    // The line end behind the last boundary may be missing.
    for (int length = 0; length < form.length - 2; length++) {
      GatewayException refusal = refusal(Arrays.copyOf(form, length));
      assertThat(refusal).as("cut at " + length).isNotNull();
      assertThat(refusal.code()).as("cut at " + length).isEqualTo(ErrorCode.INVALID_MULTIPART);
    }
    read(Arrays.copyOf(form, form.length - 2)).close();
    nothingIsLeft();
  }

  @Test
  void whatStandsBeforeAndBehindMeansNothing() throws IOException {
    byte[] form = new Form().raw("Dear server,\r\n\r\n").text("a", "1").bytes();
    InputStream in =
        new SequenceInputStream(
            new ByteArrayInputStream(form),
            new ByteArrayInputStream("yours\r\n--x".getBytes(StandardCharsets.US_ASCII)));
    try (ReceivedBody body = read(in)) {
      assertThat(new String(body.json(), StandardCharsets.UTF_8)).isEqualTo("{\"a\":\"1\"}");
      assertThat(in.read()).as("all of it was read").isNegative();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "form-data; name=\"a\"",
        "form-data; name=a",
        "FORM-DATA; NAME=\"a\"",
        "form-data;\r\n name=\"a\"",
        "form-data; name=\"a\"\r\nContent-Type: text/plain; charset=UTF-8",
        "form-data; name=\"a\"\r\nContent-Transfer-Encoding: 8bit\r\nX-Other: 1"
      })
  void partIsNamedInWhateverWayIsUsual(String disposition) throws IOException {
    byte[] value = "grün \"\\\n".getBytes(StandardCharsets.UTF_8);
    try (ReceivedBody body =
        read(new Form().part("Content-Disposition: " + disposition, value).bytes())) {
      assertThat(Json.object(body.json()).path("a").stringValue()).isEqualTo("grün \"\\\n");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X-Nothing: 1",
        "Content-Disposition: form-data",
        "Content-Disposition: form-data; name=\"\"",
        "Content-Disposition: attachment; name=\"a\"",
        "no header at all",
        "Content-Disposition: form-data; name=\"a\"; filename*=UTF-8''%zz%"
      })
  void partWithoutAProperNameIsRefused(String headers) throws IOException {
    GatewayException refusal = refusal(new Form().part(headers, PNG).bytes());
    assertThat(refusal).isNotNull();
    assertThat(refusal.code()).isIn(ErrorCode.INVALID_MULTIPART, ErrorCode.UNKNOWN_PARAMETER);
    nothingIsLeft();
  }

  @Test
  void headersOfAPartThatNeverEndAreRefused() throws IOException {
    GatewayException refusal =
        refusal(
            new Form()
                .part("Content-Disposition: form-data; name=\"a\"\r\nX: " + "y".repeat(9_000), PNG)
                .bytes());
    assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_MULTIPART);
    assertThat(refusal.message()).contains("8192");
    nothingIsLeft();
  }

  @Test
  void moreThan64PartsAreRefused() throws IOException {
    Form form = new Form().picture(PNG);
    for (int i = 0; i < 64; i++) {
      form.text("a" + i, "");
    }
    assertThat(refusal(form.bytes()).message()).contains("more than 64 parts");
    nothingIsLeft();
  }

  @Test
  void textOfMoreThan64KilobytesIsRefusedWhileItComes() throws IOException {
    GatewayException refusal = refusal(new Form().text("a", "x".repeat(70_000)).bytes());
    assertThat(refusal.param()).isEqualTo("a");
    assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_VALUE);
    nothingIsLeft();
  }

  @Test
  void textThatIsNoUtf8IsRefusedByName() throws IOException {
    byte[] latin1 = "grün".getBytes(StandardCharsets.ISO_8859_1);
    String named = "Content-Disposition: form-data; name=\"a\"";
    for (String headers :
        List.of(named, named + "\r\nContent-Type: text/plain; charset=ISO-8859-1")) {
      GatewayException refusal = refusal(new Form().picture(PNG).part(headers, latin1).bytes());
      assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_ENCODING);
      assertThat(refusal.param()).isEqualTo("a");
    }
    nothingIsLeft();
  }

  @ParameterizedTest
  @ValueSource(strings = {"base64", "quoted-printable", "gzip"})
  void partThatIsEncodedAsInMailIsRefusedByName(String encoding) throws IOException {
    GatewayException refusal =
        refusal(
            new Form()
                .part(
                    "Content-Disposition: form-data; name=\"image\"; filename=\"a\"\r\nContent-Transfer-Encoding: "
                        + encoding,
                    PNG)
                .bytes());
    assertThat(refusal.code()).isEqualTo(ErrorCode.UNSUPPORTED_ENCODING);
    assertThat(refusal.param()).isEqualTo("image");
    nothingIsLeft();
  }

  @Test
  void nameThatStandsTwiceIsRefused() throws IOException {
    GatewayException refusal =
        refusal(new Form().picture(PNG).text("a", "1").text("a", "1").bytes());
    assertThat(refusal.code()).isEqualTo(ErrorCode.DUPLICATE_KEY);
    assertThat(refusal.param()).isEqualTo("a");
    nothingIsLeft();
  }

  @Test
  void formOverTheLimitIsRefusedBeforeItIsReadOrWhenItIsSeen() throws IOException {
    AtomicBoolean touched = new AtomicBoolean();
    InputStream untouched =
        new FilterInputStream(InputStream.nullInputStream()) {
          @Override
          public int read(byte[] bytes, int offset, int length) {
            touched.set(true);
            return -1;
          }
        };
    assertThat(
            catchThrowableOfType(
                    GatewayException.class,
                    () -> reader.readForm(untouched, LIMIT + 1, Form.BOUNDARY, RULES))
                .code())
        .isEqualTo(ErrorCode.BODY_TOO_LARGE);
    assertThat(touched).isFalse();
    byte[] long5 = Form.edit().picture(new byte[5 << 20]).bytes();
    assertThat(refusal(long5).code()).isEqualTo(ErrorCode.BODY_TOO_LARGE);
    byte[] epilogue = Arrays.copyOf(Form.edit().picture(PNG).bytes(), 5 << 20);
    assertThat(refusal(epilogue).code()).isEqualTo(ErrorCode.BODY_TOO_LARGE);
    nothingIsLeft();
  }

  @Test
  void pictureThatFindsNoRoomOnTheDiskIsRefused() throws IOException {
    room.set(DiskBudget.PIECE - 1);
    assertThat(refusal(Form.edit().picture(PNG).bytes()).code())
        .isEqualTo(ErrorCode.INSUFFICIENT_STORAGE);
    nothingIsLeft();
  }

  @ParameterizedTest
  @EnumSource(BodyReaderTest.BrokenStore.Part.class)
  void storeThatFailsIsARefusalAndNotASilence(BodyReaderTest.BrokenStore.Part part)
      throws IOException {
    reader =
        new BodyReader(
            new BodyReaderTest.BrokenStore(part, store),
            1,
            LIMIT,
            budget,
            new DiskBudget(room::get));
    GatewayException refusal =
        catchThrowableOfType(
            GatewayException.class,
            () -> {
              try (ReceivedBody body = read(Form.edit().picture(PNG).bytes())) {
                body.keepInputs(sha256 -> "inputs/" + sha256);
              }
            });
    assertThat(refusal.code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
    nothingIsLeft();
  }

  @Test
  void formIsNotReadOnAfterAPartWasRefused() throws IOException {
    reader =
        new BodyReader(
            new BodyReaderTest.BrokenStore(BodyReaderTest.BrokenStore.Part.WRITE, store),
            1,
            LIMIT,
            budget,
            new DiskBudget(room::get));
    byte[] tooLong = Form.edit().picture(new byte[5 << 20]).bytes();
    ByteArrayInputStream in = new ByteArrayInputStream(tooLong);
    assertThat(refusal(in).code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
    assertThat(in.available()).isGreaterThan(4 << 20);
    nothingIsLeft();
  }

  @Test
  void clientThatGoesAwayLeavesNothingBehind() throws IOException {
    byte[] form = Form.edit().picture(PNG).unended();
    InputStream broken =
        new SequenceInputStream(
            new ByteArrayInputStream(form, 0, form.length - 100),
            new FilterInputStream(InputStream.nullInputStream()) {
              @Override
              public int read(byte[] bytes, int offset, int length) throws IOException {
                throw new IOException("reset");
              }
            });
    assertThat(catchThrowableOfType(IOException.class, () -> read(broken))).hasMessage("reset");
    nothingIsLeft();
  }

  @Test
  void twoPicturesOfTheSameBytesAreKeptOnce() throws IOException {
    try (ReceivedBody body = read(Form.edit().picture(PNG).picture(PNG).bytes())) {
      body.keepInputs(sha256 -> "inputs/" + sha256);
    }
    try (Stream<Path> inputs = Files.list(folder.resolve("inputs"))) {
      assertThat(inputs).hasSize(1);
    }
    nothingIsLeft();
  }
}
