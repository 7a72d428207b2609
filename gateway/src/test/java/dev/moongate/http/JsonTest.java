package dev.moongate.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.moongate.error.ErrorCode;
import dev.moongate.error.GatewayException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bad inputs 1 to 12 and 20 to 23. */
@Timeout(300)
class JsonTest {
  static Stream<Arguments> refused() {
    return Stream.of(
        row("1 empty", "", ErrorCode.INVALID_JSON),
        row("1 only spaces", " \n\t ", ErrorCode.INVALID_JSON),
        row("2 open", "{", ErrorCode.INVALID_JSON),
        row("2 unbalanced", "{\"a\":[1}", ErrorCode.INVALID_JSON),
        row("2 trailing comma", "{\"a\":1,}", ErrorCode.INVALID_JSON),
        row("2 single quotes", "{'a':1}", ErrorCode.INVALID_JSON),
        row("2 comment", "{/*x*/\"a\":1}", ErrorCode.INVALID_JSON),
        row("3 null", "null", ErrorCode.INVALID_BODY),
        row("3 array", "[]", ErrorCode.INVALID_BODY),
        row("3 string", "\"x\"", ErrorCode.INVALID_BODY),
        row("3 number", "5", ErrorCode.INVALID_BODY),
        row("3 boolean", "true", ErrorCode.INVALID_BODY),
        row("4 two objects", "{} {}", ErrorCode.INVALID_JSON),
        row("4 garbage", "{}x", ErrorCode.INVALID_JSON),
        row("4 brace", "{}}", ErrorCode.INVALID_JSON),
        row("10 NUL", "{\"a\":\"x\\u0000\"}", ErrorCode.INVALID_UNICODE),
        row("9 lone high", "{\"a\":\"\\ud800\"}", ErrorCode.INVALID_UNICODE),
        row("9 lone low", "{\"a\":\"\\udc00x\"}", ErrorCode.INVALID_UNICODE),
        row("9 wrong order", "{\"a\":\"\\udc00\\ud800\"}", ErrorCode.INVALID_UNICODE),
        row("11 raw newline", "{\"a\":\"x\ny\"}", ErrorCode.INVALID_JSON),
        row("11 raw NUL", "{\"a\":\"x\u0000y\"}", ErrorCode.INVALID_JSON),
        row("20 33 deep", "{\"a\":" + "[".repeat(32) + "]".repeat(32) + "}", deep()),
        row("20 10,000 deep", "{\"a\":" + "[".repeat(10_000), deep()),
        row("20 1,000,000 deep", "[".repeat(1_000_000), deep()),
        row("21 many members", many("\"k%d\":1"), ErrorCode.JSON_TOO_LARGE),
        row("21 many items", "{\"a\":[" + "1,".repeat(200_000) + "1]}", ErrorCode.JSON_TOO_LARGE),
        row("21 10 MB name", "{\"" + "k".repeat(10 << 20) + "\":1}", ErrorCode.JSON_TOO_LARGE),
        row("21 10 MB text", "{\"a\":\"" + "k".repeat(10 << 20) + "\"}", ErrorCode.JSON_TOO_LARGE),
        row("23 1 MB digits", "{\"a\":" + "9".repeat(1 << 20) + "}", ErrorCode.JSON_TOO_LARGE),
        row("23 -0", "{\"a\":[-0]}", ErrorCode.INVALID_VALUE),
        row("23 00", "{\"a\":00}", ErrorCode.INVALID_JSON),
        row("23 +1", "{\"a\":+1}", ErrorCode.INVALID_JSON),
        row("23 .5", "{\"a\":.5}", ErrorCode.INVALID_JSON),
        row("23 1.", "{\"a\":1.}", ErrorCode.INVALID_JSON),
        row("23 hex", "{\"a\":0x10}", ErrorCode.INVALID_JSON),
        row("23 an exponent that nothing holds", "{\"a\":1e99999999999}", ErrorCode.JSON_TOO_LARGE),
        row("23 NaN", "{\"a\":NaN}", ErrorCode.INVALID_JSON),
        row("23 Infinity", "{\"a\":Infinity}", ErrorCode.INVALID_JSON),
        row("23 -Infinity", "{\"a\":-Infinity}", ErrorCode.INVALID_JSON));
  }

  private static ErrorCode deep() {
    return ErrorCode.JSON_TOO_DEEP;
  }

  private static String many(String member) {
    StringBuilder json = new StringBuilder("{");
    for (int i = 0; i < 1_000_000; i++) {
      json.append(i == 0 ? "" : ",").append(member.replace("%d", Integer.toString(i)));
    }
    return json.append('}').toString();
  }

  private static Arguments row(String name, String json, ErrorCode code) {
    return Arguments.of(name, json, code);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("refused")
  void refuses(String name, String json, ErrorCode code) {
    GatewayException refusal = refusal(json.getBytes(StandardCharsets.UTF_8));
    assertThat(refusal.code()).as(name).isEqualTo(code);
    assertThat(refusal.message()).doesNotContain("tools.jackson").hasSizeLessThan(200);
  }

  @Test
  void saysWhereTheJsonGoesWrongAndDoesNotQuoteIt() {
    GatewayException refusal = refusal("{\n  \"prompt\": \"x\",\n  secretword }".getBytes(UTF_8));
    assertThat(refusal.message()).contains("line 3").contains("column").doesNotContain("secret");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "n        | {'n':1,'n':4}",
        "n        | {'n':1,'\\u006e':4}",
        "input.a  | {'input':{'a':1,'b':2,'a':3}}",
        "p[1].hex | {'p':[{'hex':1},{'hex':1,'hex':2}]}"
      })
  void aNameThatStandsTwiceIsRefusedByItsPath(String row) {
    String[] parts = row.split("\\|", -1);
    GatewayException refusal = refusal(parts[1].strip().replace('\'', '"').getBytes(UTF_8));
    assertThat(refusal.code()).isEqualTo(ErrorCode.DUPLICATE_KEY);
    assertThat(refusal.param()).isEqualTo(parts[0].strip());
  }

  @Test
  void namesOfOneHashDoNotSlowItDown() {
    StringBuilder json = new StringBuilder("{");
    for (int i = 0; i < 1 << 12; i++) {
      StringBuilder name = new StringBuilder();
      for (int bit = 0; bit < 12; bit++) {
        name.append((i >> bit & 1) == 0 ? "Aa" : "BB");
      }
      json.append(i == 0 ? "" : ",").append('"').append(name).append("\":1");
    }
    byte[] body = json.append('}').toString().getBytes(UTF_8);
    try {
      assertThat(Json.object(body).size()).isEqualTo(1 << 12);
    } catch (GatewayException e) {
      assertThat(e.code()).isEqualTo(ErrorCode.JSON_TOO_LARGE);
    }
  }

  @Test
  void otherEncodingsThanPlainUtf8AreNoJson() {
    for (String name : new String[] {"UTF-16LE", "UTF-16BE", "UTF-16", "UTF-32LE", "UTF-32"}) {
      byte[] body = "{\"a\":1}".getBytes(Charset.forName(name));
      assertThat(refusal(body).code()).as("7 " + name).isEqualTo(ErrorCode.INVALID_JSON);
    }
    assertThat(refusal("\uFEFF{\"a\":1}".getBytes(UTF_8)).code()).isEqualTo(ErrorCode.INVALID_JSON);
  }

  @ParameterizedTest
  @ValueSource(strings = {"c080", "ff", "e282", "eda080edb080", "f4908080", "c3"})
  void wrongUtf8IsRefused(String hex) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes("{\"a\":\"".getBytes(UTF_8));
    body.writeBytes(java.util.HexFormat.of().parseHex(hex));
    body.writeBytes("\"}".getBytes(UTF_8));
    assertThat(refusal(body.toByteArray()).code()).isEqualTo(ErrorCode.INVALID_ENCODING);
  }

  @Test
  void textOfAllKindsArrivesAsItCame() {
    String text = "\u202Eabc\u200B e" + "\u0301".repeat(1_000) + " 👩‍👩‍👧 花店 \\ \" 𝒳";
    String json = "{\"a\":\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"}";
    assertThat(Json.object(json.getBytes(UTF_8)).get("a").stringValue()).isEqualTo(text);
    assertThat(Json.object("{\"a\":\"\\ud835\\udcb3\"}".getBytes(UTF_8)).get("a").stringValue())
        .isEqualTo("𝒳");
  }

  @Test
  void depthOf32IsAllowed() {
    String json = "{\"a\":" + "[".repeat(31) + "]".repeat(31) + "}";
    assertThat(Json.object(json.getBytes(UTF_8)).size()).isEqualTo(1);
  }

  @Test
  void nothingButARefusalComesOfDamagedBodies() {
    byte[] good =
        "{\"prompt\":\"a\\u00e9 𝒳\",\"n\":-12,\"p\":[{\"x\":1.5e3},null,true]}".getBytes(UTF_8);
    Random random = new Random(11);
    for (int round = 0; round < 50_000; round++) {
      byte[] body = java.util.Arrays.copyOf(good, good.length - random.nextInt(3));
      for (int i = random.nextInt(3); i >= 0; i--) {
        body[random.nextInt(body.length)] = (byte) random.nextInt();
      }
      try {
        Json.object(body);
      } catch (GatewayException e) {
        assertThat(e.code().status()).isEqualTo(400);
      }
    }
  }

  @Test
  void aHugeExponentIsNeverWrittenOut() {
    assertThat(Json.object("{\"a\":1e999999999}".getBytes(UTF_8)).get("a").isIntegralNumber())
        .isFalse();
    assertThatThrownBy(() -> Json.object("{\"a\":1e}".getBytes(UTF_8)))
        .isInstanceOf(GatewayException.class);
  }

  private static final Charset UTF_8 = StandardCharsets.UTF_8;

  private static GatewayException refusal(byte[] body) {
    return catchThrowableOfType(GatewayException.class, () -> Json.object(body));
  }
}
