package dev.moongate.http.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.moongate.error.ErrorCode;
import dev.moongate.error.GatewayException;
import dev.moongate.image.ContentPart;
import dev.moongate.image.ImageRequest;
import dev.moongate.image.InputImage;
import dev.moongate.image.ResponseFormat;
import dev.moongate.image.Size;
import dev.moongate.image.Warning;
import dev.moongate.testing.Pictures;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The body of the endpoint: what is understood, and bad inputs 13 to 19, 31 to 35, 65 to 80, 98 to
 * 108.
 */
class GenerateBodyTest {
  private static final String PNG = url("image/png", Pictures.png(300, 240));

  @TempDir Path folder;
  private BodyFixture bodies;

  @BeforeEach
  void open() throws IOException {
    bodies = new BodyFixture(folder);
  }

  @Test
  void theSampleOfTheEndpointIsUnderstood() {
    ImageRequest request =
        bodies.parse(
            """
            { "model": "wan2.7-image-pro", "response_format": "url",
              "input": { "messages": [ { "role": "user", "content": [ { "text": "A flower shop" } ] } ] },
              "size": "2K", "n": 1, "watermark": false, "thinking_mode": true, "seed": 0 }
            """);
    assertThat(request)
        .isEqualTo(
            new ImageRequest(
                "wan2.7-image-pro",
                List.of(new ContentPart.Text("A flower shop")),
                Size.Tier.K2,
                1,
                false,
                true,
                null,
                null,
                null,
                0,
                ResponseFormat.URL,
                null,
                List.of()));
  }

  @Test
  void whatIsAbsentOrNullStaysAbsentButForN() {
    ImageRequest absent = with("");
    ImageRequest nulls =
        with(
            """
            "size":null,"n":null,"watermark":null,"thinking_mode":null,"enable_sequential":null,
            "color_palette":null,"seed":null,"bbox_list":null,"response_format":null,"stream":null,
            "link_expires_in":null,"input":null,"quality":null,"user":null\
            """);
    assertThat(nulls).isEqualTo(absent);
    assertThat(absent.n()).isEqualTo(1);
    assertThat(absent.size()).isNull();
    assertThat(absent.watermark()).isNull();
    assertThat(absent.seed()).isNull();
    assertThat(absent.responseFormat()).isEqualTo(ResponseFormat.URL);
    assertThat(absent.warnings()).isEmpty();
  }

  @Test
  void falseAndZeroAreValues() {
    ImageRequest request =
        with(
            """
            "watermark":false,"thinking_mode":false,"enable_sequential":false,"seed":0,"stream":false\
            """);
    assertThat(request.watermark()).isFalse();
    assertThat(request.thinkingMode()).isFalse();
    assertThat(request.enableSequential()).isFalse();
    assertThat(request.seed()).isZero();
  }

  @Test
  void everyOtherMemberArrives() {
    ImageRequest request =
        with(
            """
            "response_format":"b64_json","link_expires_in":60,"n":4,"seed":2147483647,
            "color_palette":[{"hex":"#c2d1e6","ratio":"23.51%"},{"hex":"#CDD8E9","ratio":"20.13%"},
              {"hex":"#B5C8DB","ratio":"56.36%"}]\
            """);
    assertThat(request.responseFormat()).isEqualTo(ResponseFormat.B64_JSON);
    assertThat(request.linkLife()).isEqualTo(Duration.ofMinutes(1));
    assertThat(request.n()).isEqualTo(4);
    assertThat(request.seed()).isEqualTo(Integer.MAX_VALUE);
    assertThat(request.colorPalette().swatches().getFirst().hex()).isEqualTo("#C2D1E6");
    assertThat(request.colorPalette().swatches().getFirst().ratio()).isEqualTo("23.51%");
  }

  @Test
  void anySequentialRequestAsksForTwelveUnlessItSaysOtherwise() {
    assertThat(with("\"enable_sequential\":true").n()).isEqualTo(12);
    assertThat(with("\"enable_sequential\":true,\"n\":5").n()).isEqualTo(5);
  }

  @ParameterizedTest
  @CsvSource({
    "1K, K1",
    "1k, K1",
    "2k, K2",
    "4K, K4",
    "1024x768, 1024x768",
    "1024*768, 1024x768",
    "768*768, 768x768",
    "4096*4096, 4096x4096",
    "3200x400, 3200x400",
    "400x3200, 400x3200"
  })
  void sizesAreUnderstood(String size, String expected) {
    assertThat(with("\"size\":\"" + size + "\"").size()).hasToString(expected);
  }

  @Test
  void autoIsNoSize() {
    assertThat(with("\"size\":\"auto\"").size()).isNull();
  }

  // The number is the one in the list of bad inputs; members stand beside model and prompt.
  @ParameterizedTest(name = "{0}: {1} {3}")
  @CsvSource(
      quoteCharacter = '`',
      textBlock =
          """
          18, api_base, unknown_parameter, "api_base":"http://x"
          18, api_key, unknown_parameter, "api_key":"x"
          18, parameters, unknown_parameter, `"parameters":{"n":1}`
          18, negative_prompt, unknown_parameter, "negative_prompt":"x"
          18, foo, unknown_parameter, "foo":null
          34, watermark, invalid_type, "watermark":0
          34, watermark, invalid_type, "watermark":"false"
          34, thinking_mode, invalid_type, "thinking_mode":"yes"
          34, enable_sequential, invalid_type, "enable_sequential":[]
          35, n, invalid_type, "n":"2"
          35, n, invalid_type, "n":1.0
          35, n, invalid_type, "n":1.5
          35, n, invalid_type, "n":""
          35, n, invalid_type, "n":[]
          35, n, invalid_type, "n":true
          23, n, invalid_type, "n":1e999999999
          23, seed, invalid_value, "seed":-0
          65, n, invalid_value, "n":0
          65, n, invalid_value, "n":-1
          65, n, invalid_value, "n":5
          65, n, invalid_value, "n":2147483648
          65, n, invalid_value, "n":9223372036854775808
          65, n, invalid_value, "n":18446744073686646784
          67, n, invalid_value, `"n":5,"enable_sequential":false`
          65, n, invalid_value, `"n":13,"enable_sequential":true`
          65, n, invalid_value, `"n":0,"enable_sequential":true`
          71, seed, invalid_value, "seed":-1
          71, seed, invalid_value, "seed":2147483648
          71, seed, invalid_value, "seed":9223372036854775807
          71, seed, invalid_type, "seed":1e3
          71, seed, invalid_type, "seed":"0"
          72, size, invalid_value, "size":"2k "
          73, size, invalid_value, "size":"1024X1024"
          73, size, invalid_value, "size":"1024×1024"
          73, size, invalid_value, "size":"1024 * 1024"
          74, size, invalid_value, "size":"767*767"
          74, size, invalid_value, "size":"4097*4096"
          75, size, invalid_value, "size":"99999999999*1"
          75, size, invalid_value, "size":"999999*999999"
          75, size, invalid_value, "size":"0*0"
          75, size, invalid_value, "size":"-1*5"
          75, size, invalid_value, "size":"1e3*1e3"
          75, size, invalid_value, "size":"1024*"
          75, size, invalid_value, "size":""
          75, size, invalid_type, "size":1024
          75, size, invalid_value, "size":"١٠٢٤x1024"
          76, size, invalid_value, "size":"3201*400"
          77, size, invalid_value, `"size":"4K","enable_sequential":true`
          77, size, invalid_value, `"size":"2049*2048","enable_sequential":true`
          79, response_format, invalid_value, "response_format":"B64_JSON"
          79, response_format, invalid_value, "response_format":"png"
          79, response_format, invalid_type, "response_format":1
          80, bbox_list, invalid_value, `"bbox_list":[[[1,2,3,4]]]`
          80, bbox_list, invalid_type, "bbox_list":{}
          00, stream, invalid_type, "stream":"true"
          00, link_expires_in, invalid_value, "link_expires_in":0
          00, link_expires_in, invalid_value, "link_expires_in":86401
          """)
  void refusesByName(String number, String param, String code, String member) {
    GatewayException refusal = refusal(base(member));
    assertThat(refusal.param()).as(number).isEqualTo(param);
    assertThat(refusal.code().wireName()).isEqualTo(code);
    assertThat(refusal.code().status()).isEqualTo(400);
    assertThat(refusal.message()).contains(param).hasSizeLessThan(300);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      textBlock =
          """
          missing_required_parameter, model, `{"prompt":"x"}`
          missing_required_parameter, model, `{"model":null,"prompt":"x"}`
          invalid_type, model, `{"model":5,"prompt":"x"}`
          model_not_found, model, `{"model":"dall-e-3","prompt":"x"}`
          model_not_found, model, `{"model":"WAN2.7-image-pro","prompt":"x"}`
          model_not_found, model, `{"model":"a/../b","prompt":"x"}`
          model_not_found, model, `{"model":"","prompt":"x"}`
          missing_required_parameter, prompt, `{"model":"wan2.7-image"}`
          missing_required_parameter, prompt, `{"model":"wan2.7-image","prompt":""}`
          missing_required_parameter, prompt, `{"model":"wan2.7-image","prompt":null,"input":null}`
          invalid_value, prompt, `{"model":"wan2.7-image","prompt":" \\n "}`
          invalid_type, prompt, `{"model":"wan2.7-image","prompt":["x"]}`
          invalid_value, size, `{"model":"wan2.7-image","prompt":"x","size":"4K"}`
          invalid_value, size, `{"model":"wan2.7-image","prompt":"x","size":"2049x2048"}`
          """)
  void refusesByNameWithoutABase(String code, String param, String body) {
    GatewayException refusal = refusal(body);
    assertThat(refusal.code().wireName()).as(body).isEqualTo(code);
    assertThat(refusal.param()).isEqualTo(param);
  }

  // Bad inputs 14, 15, 17: `input` beside the model.
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      textBlock =
          """
          input, `5`
          input.messages, `{}`
          input.messages, `{"messages":null}`
          input.messages, `{"messages":{}}`
          input.messages, `{"messages":[]}`
          input.messages, `{"messages":[{"role":"user","content":[{"text":"x"}]},{"role":"user","content":[{"text":"x"}]}]}`
          input.foo, `{"foo":1,"messages":[{"role":"user","content":[{"text":"x"}]}]}`
          input.messages[0], `{"messages":["x"]}`
          input.messages[0].foo, `{"messages":[{"foo":1,"role":"user","content":[{"text":"x"}]}]}`
          input.messages[0].role, `{"messages":[{"role":"system","content":[{"text":"x"}]}]}`
          input.messages[0].role, `{"messages":[{"role":"assistant","content":[{"text":"x"}]}]}`
          input.messages[0].role, `{"messages":[{"content":[{"text":"x"}]}]}`
          input.messages[0].content, `{"messages":[{"role":"user","content":"x"}]}`
          input.messages[0].content, `{"messages":[{"role":"user","content":[]}]}`
          input.messages[0].content, `{"messages":[{"role":"user"}]}`
          input.messages[0].content, `{"messages":[{"role":"user","content":[{"image":"https://a.example/b.png"}]}]}`
          input.messages[0].content, `{"messages":[{"role":"user","content":[{"text":"x"},{"text":"y"}]}]}`
          input.messages[0].content[0], `{"messages":[{"role":"user","content":["x"]}]}`
          input.messages[0].content[0], `{"messages":[{"role":"user","content":[{}]}]}`
          input.messages[0].content[0], `{"messages":[{"role":"user","content":[{"text":"x","image":"https://a.example/b.png"}]}]}`
          input.messages[0].content[0].type, `{"messages":[{"role":"user","content":[{"type":"video","text":"x"}]}]}`
          input.messages[0].content[0].foo, `{"messages":[{"role":"user","content":[{"foo":1,"text":"x"}]}]}`
          input.messages[0].content[0].text, `{"messages":[{"role":"user","content":[{"text":""}]}]}`
          input.messages[0].content[0].text, `{"messages":[{"role":"user","content":[{"text":"  "}]}]}`
          input.messages[0].content[0].text, `{"messages":[{"role":"user","content":[{"text":5}]}]}`
          """)
  void refusesTheInputByPath(String param, String input) {
    GatewayException refusal = refusal("{\"model\":\"wan2.7-image-pro\",\"input\":" + input + "}");
    assertThat(refusal.param()).isEqualTo(param);
    assertThat(refusal.code().status()).isEqualTo(400);
  }

  // Bad input 78: hex and ratio of three colours, the others 33.33% and 33.33%.
  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          color_palette, #000000, 33.33%
          color_palette, #000000, 33.35%
          color_palette[2].ratio, #000000, 33.3%
          color_palette[2].ratio, #000000, 33.340%
          color_palette[2].ratio, #000000, 33.34
          color_palette[2].ratio, #000000, -3.34%
          color_palette[2].ratio, #000000, NaN%
          color_palette[2].ratio, #000000, ３３.34%
          color_palette[2].hex, #FFF, 33.34%
          color_palette[2].hex, #GGGGGG, 33.34%
          color_palette[2].hex, FFFFFF, 33.34%
          color_palette[2].hex, #FFFFFFFF, 33.34%
          """)
  void refusesPalettes(String param, String hex, String ratio) {
    GatewayException refusal = refusal(base(palette(hex, ratio)));
    assertThat(refusal.param()).as(hex + " " + ratio).isEqualTo(param);
  }

  @Test
  void palettesAreOfThreeToTenColoursWithNothingElseInThem() {
    assertThat(with(palette("#ffffff", "33.34%")).colorPalette().swatches()).hasSize(3);
    assertThat(with(equalShares(10, "10.00%")).colorPalette().swatches()).hasSize(10);
    assertThat(refusal(base(equalShares(2, "50.00%"))).param()).isEqualTo("color_palette");
    assertThat(refusal(base(equalShares(11, "09.09%"))).param()).isEqualTo("color_palette");
    assertThat(refusal(base("\"color_palette\":[]")).param()).isEqualTo("color_palette");
    assertThat(refusal(base("\"color_palette\":[1]")).param()).isEqualTo("color_palette[0]");
    assertThat(refusal(base("\"color_palette\":[{\"hex\":\"#000000\",\"ratio\":1}]")).param())
        .isEqualTo("color_palette[0].ratio");
    assertThat(refusal(base("\"color_palette\":[{\"ratio\":\"1.00%\"}]")).param())
        .isEqualTo("color_palette[0].hex");
    assertThat(
            refusal(
                    base(
                        "\"color_palette\":[{\"hex\":\"#000000\",\"ratio\":\"1.00%\"},{\"foo\":1}]"))
                .param())
        .isEqualTo("color_palette[1].foo");
    assertThat(refusal(base("\"enable_sequential\":true," + palette("#ffffff", "33.34%"))).param())
        .isEqualTo("color_palette");
  }

  @Test
  void aPromptIsMeasuredInCodePoints() {
    String long5000 = "𝒳".repeat(5_000);
    assertThat(bodies.parse(prompt(long5000)).prompt()).isEqualTo(long5000);
    GatewayException refusal = refusal(prompt(long5000 + "x"));
    assertThat(refusal.code()).isEqualTo(ErrorCode.PROMPT_TOO_LONG);
    assertThat(refusal.param()).isEqualTo("prompt");
    assertThat(refusal(content("{\"text\":\"" + long5000 + "x\"}", "")).param())
        .isEqualTo("input.messages[0].content[0].text");
  }

  @Test
  void inputWinsOverAPromptAndSaysSo() {
    ImageRequest both = bodies.parse(content("{\"text\":\"a\"}", ",\"prompt\":\"b\""));
    assertThat(both.prompt()).isEqualTo("a");
    assertThat(both.warnings()).extracting(Warning::code).containsExactly("prompt_overridden");
    assertThat(bodies.parse(content("{\"text\":\"a\"}", ",\"prompt\":\"\"")).warnings()).isEmpty();
  }

  @Test
  void whatOnlyOpenAiKnowsIsIgnoredWithAWarning() {
    List<String> ignored =
        List.of(
            "quality",
            "style",
            "user",
            "background",
            "moderation",
            "output_format",
            "output_compression",
            "partial_images",
            "safety_identifier",
            "complexity");
    String members =
        ignored.stream().map(m -> "\"" + m + "\":{\"any\":[1]}").collect(Collectors.joining(","));
    List<Warning> warnings = with(members).warnings();
    assertThat(warnings).extracting(Warning::param).containsExactlyElementsOf(ignored);
    assertThat(warnings).extracting(Warning::code).containsOnly("ignored_parameter");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "negative_prompt",
        "image_size",
        "batch_size",
        "num_inference_steps",
        "guidance_scale",
        "prompt_enhancement"
      })
  void aLenientKeyIgnoresMore(String member) {
    String body = base("\"" + member + "\":1");
    assertThat(bodies.parse(body, true).warnings())
        .extracting(Warning::param)
        .containsExactly(member);
    assertThat(refusal(body).param()).isEqualTo(member);
    assertThat(refusal(() -> bodies.parse(base("\"api_base\":1"), true)).param())
        .isEqualTo("api_base");
  }

  @ParameterizedTest
  @CsvSource({
    "sizes, size",
    "Seed, seed",
    "thinkingMode, thinking_mode",
    "colour_palette, color_palette",
    "watermrk, watermark",
    "enable_sequental, enable_sequential",
    "responseFormat, response_format"
  })
  void aSlipGetsASuggestion(String member, String meant) {
    assertThat(refusal(base("\"" + member + "\":1")).message()).contains("did you mean " + meant);
  }

  @ParameterizedTest
  @ValueSource(strings = {"negative_prompt", "name", "number", "nn_", "input_image"})
  void whatOnlyBeginsLikeAShortNameIsNoSlip(String member) {
    assertThat(refusal(base("\"" + member + "\":1")).message()).doesNotContain("did you mean n?");
  }

  @ParameterizedTest
  @CsvSource({"1e3, 1E+3", "1e999999999, 1E+999999999", "2.50, 2.50"})
  void aNumberIsShownBackAtItsSize(String written, String shown) {
    assertThat(refusal(base("\"n\":" + written)).message()).contains("the number " + shown + ";");
  }

  @Test
  void aBoxWithItsCornersTheWrongWayRoundIsShownBack() {
    String content = "{\"image\":\"" + PNG + "\"},{\"text\":\"x\"}";
    assertThat(refusal(content(content, ",\"bbox_list\":[[[9,1,1,9]]]")).message())
        .contains("bbox_list[0][0] is [9,1,1,9]");
  }

  @Test
  void refusalsSayWhatToDo() {
    assertThat(refusal(base("\"parameters\":{}")).message()).contains("top level");
    assertThat(refusal(base("\"size\":\"512x512\"")).message()).contains("768x768", "589824");
    assertThat(refusal("{\"model\":\"" + "x".repeat(10_000) + "\"}").message())
        .contains("x".repeat(64))
        .hasSizeLessThan(200);
  }

  @Test
  void textMayStandAfterPicturesAndTheOrderIsKept() {
    ImageRequest request =
        bodies.parse(
            content(
                "{\"type\":\"image\",\"image\":\"https://a.example/1.png\"},{\"type\":\"text\",\"text\":\"x\"},{\"image\":\""
                    + PNG
                    + "\"}",
                ",\"thinking_mode\":true"));
    assertThat(request.content().get(1)).isEqualTo(new ContentPart.Text("x"));
    assertThat(request.inputImages().getFirst())
        .isEqualTo(new InputImage.Url("https://a.example/1.png"));
    assertThat(request.inputImages().get(1))
        .isInstanceOfSatisfying(
            InputImage.Stored.class,
            stored -> assertThat(bodies.kept(stored.sha256())).hasSize((int) stored.bytes()));
    assertThat(request.warnings()).extracting(Warning::code).containsExactly("no_effect");
  }

  @Test
  void thinkingHasNoEffectInSequentialModeAndIsSentAllTheSame() {
    ImageRequest request = with("\"enable_sequential\":true,\"thinking_mode\":true");
    assertThat(request.thinkingMode()).isTrue();
    assertThat(request.warnings()).extracting(Warning::code).containsExactly("no_effect");
  }

  @Test
  void nineAreTheMostPictures() {
    String item = "{\"image\":\"https://a.example/1.png\"},";
    assertThat(bodies.parse(content(item.repeat(9) + "{\"text\":\"x\"}", "")).inputImages())
        .hasSize(9);
    GatewayException refusal = refusal(content(item.repeat(10) + "{\"text\":\"x\"}", ""));
    assertThat(refusal.param()).isEqualTo("input.messages[0].content");
    String data = "{\"image\":\"" + PNG + "\"},";
    assertThat(refusal(content(data.repeat(10) + "{\"text\":\"x\"}", "")).param())
        .isEqualTo("input.messages[0].content");
    assertThat(refusal(content(data.repeat(19) + "{\"text\":\"x\"}", "")).param())
        .isEqualTo("input.messages[0].content");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1/a.png",
        "http://localhost/a.png",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://10.0.0.1/",
        "http://169.254.169.254/latest",
        "http://100.100.100.200/",
        "http://[::1]/",
        "http://[::ffff:10.0.0.1]/",
        "http://metadata.google.internal/",
        "file:///etc/passwd",
        "ftp://a.example/b",
        "oss://bucket/key",
        "javascript:1",
        "//a.example/b",
        "http:a.example",
        "http://good@10.0.0.1/",
        "http://a.example:0/",
        "http://a.example\\\\b",
        "http://a.example/\\t",
        "",
        "x",
        "moongate-input-1"
      })
  void addressesThatAreNotPublicAreRefused(String url) {
    GatewayException refusal = refusal(content("{\"text\":\"x\"},{\"image\":\"" + url + "\"}", ""));
    assertThat(refusal.code()).as(url).isEqualTo(ErrorCode.URL_NOT_ALLOWED);
    assertThat(refusal.param()).isEqualTo("input.messages[0].content[1].image");
  }

  @Test
  void aUrlOfAMegabyteIsRefused() {
    String url = "https://a.example/" + "a".repeat(1 << 20);
    assertThat(refusal(content("{\"text\":\"x\"},{\"image\":\"" + url + "\"}", "")).code())
        .isEqualTo(ErrorCode.URL_NOT_ALLOWED);
  }

  static Stream<Arguments> badPictures() {
    return Stream.of(
        picture("107 html", url("text/html", "<html>".getBytes(StandardCharsets.UTF_8))),
        picture("107 svg", url("image/svg+xml", "<svg/>".getBytes(StandardCharsets.UTF_8))),
        picture("107 gif", url("image/gif", "GIF89a/*".getBytes(StandardCharsets.UTF_8))),
        picture("107 not base64", "data:image/svg+xml,%3Csvg%3E"),
        picture("107 wrong base64", "data:image/png;base64,####"),
        picture("107 wrong media type", url("image/jpeg", Pictures.png(300, 300))),
        picture("107 zip bomb", url("image/png", Pictures.pngHeader(65_535, 65_535))),
        picture("107 animated", url("image/png", Pictures.pngWith(300, 300, "acTL", new byte[8]))),
        picture(
            "107 canvas",
            url("image/webp", Pictures.webp("VP8X", 0, 0, 0, 0, -1, -1, 0, -1, -1, 0))),
        picture("108 no bytes", "data:image/png;base64,"),
        picture("108 text as png", url("image/png", "hello".getBytes(StandardCharsets.UTF_8))),
        picture("108 cut", url("image/png", Arrays.copyOf(Pictures.png(300, 300), 40))),
        picture("108 half", url("image/jpeg", Arrays.copyOf(Pictures.jpeg(300, 300), 1_000))),
        picture("108 alpha", url("image/png", Pictures.alphaPng(300, 300))),
        picture("108 cmyk", url("image/jpeg", Pictures.jpegHeader(300, 300, 4))),
        picture("108 239 px", url("image/png", Pictures.png(239, 300))),
        picture("108 8001 px", url("image/png", Pictures.png(8001, 1001))),
        picture("108 9:1", url("image/png", Pictures.png(2169, 241))));
  }

  private static Arguments picture(String name, String url) {
    return Arguments.of(name, url);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("badPictures")
  void badPicturesAreRefusedByPathAndNotKept(String name, String url) throws IOException {
    String good = "{\"image\":\"" + PNG + "\"},{\"text\":\"x\"},";
    GatewayException refusal = refusal(content(good + "{\"image\":\"" + url + "\"}", ""));
    assertThat(refusal.code()).as(name).isEqualTo(ErrorCode.INVALID_IMAGE);
    assertThat(refusal.param()).isEqualTo("input.messages[0].content[2].image");
    assertThat(Files.exists(folder.resolve("inputs"))).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "prompt, `\"prompt\":\"DATA\"`",
        "user, `\"prompt\":\"x\",\"user\":\"DATA\"`",
        "size, `\"prompt\":\"x\",\"size\":\"DATA\"`",
        "style.a[1], `\"prompt\":\"x\",\"style\":{\"a\":[0,\"DATA\"]}`",
        "body, `\"prompt\":\"x\",\"DATA\":1`"
      })
  void aPictureAnywhereElseIsRefusedByTheMembersName(String param, String members) {
    GatewayException refusal =
        refusal("{\"model\":\"wan2.7-image-pro\"," + members.replace("DATA", PNG) + "}");
    assertThat(refusal.param()).isEqualTo(param);
    assertThat(refusal.message()).doesNotContain("moongate-input");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "bbox_list|[]",
        "bbox_list|[[],[]]",
        "bbox_list[0]|[5]",
        "bbox_list[0]|[[[1,1,9,9],[1,1,9,9],[1,1,9,9]]]",
        "bbox_list[0][0]|[[[1,1,9]]]",
        "bbox_list[0][0]|[[[9,1,1,9]]]",
        "bbox_list[0][0]|[[[1,9,9,9]]]",
        "bbox_list[0][0]|[[[0,0,301,200]]]",
        "bbox_list[0][0][1]|[[[1,-1,9,9]]]",
        "bbox_list[0][0][3]|[[[1,1,9,9.5]]]",
        "bbox_list[0][0][0]|[[[\"1\",1,9,9]]]"
      })
  void boxesAreRefusedByPath(String param, String boxes) {
    String content = "{\"image\":\"" + PNG + "\"},{\"text\":\"x\"}";
    assertThat(refusal(content(content, ",\"bbox_list\":" + boxes)).param()).isEqualTo(param);
  }

  @Test
  void boxesWithinThePictureArrive() {
    String content = "{\"image\":\"" + PNG + "\"},{\"text\":\"x\"}";
    ImageRequest request =
        bodies.parse(content(content, ",\"bbox_list\":[[[0,0,300,240],[1,2,3,4]]]"));
    assertThat(request.boundingBoxes().perImage().getFirst()).hasSize(2);
    assertThat(bodies.parse(content(content, ",\"bbox_list\":[[]]")).boundingBoxes()).isNotNull();
  }

  @Test
  void sizesFollowTheSceneWithInputPictures() {
    String content = "{\"image\":\"https://a.example/1.png\"},{\"text\":\"x\"}";
    assertThat(refusal(content(content, ",\"size\":\"4K\"")).param()).isEqualTo("size");
    assertThat(bodies.parse(content(content, ",\"size\":\"2048x2048\"")).size())
        .isEqualTo(new Size.Pixels(2048, 2048));
  }

  private ImageRequest with(String members) {
    return bodies.parse(base(members));
  }

  private GatewayException refusal(String body) {
    return refusal(() -> bodies.parse(body));
  }

  private static GatewayException refusal(ThrowingCallable call) {
    GatewayException refusal = catchThrowableOfType(GatewayException.class, call);
    assertThat(refusal).as("a refusal").isNotNull();
    return refusal;
  }

  private static String base(String members) {
    return "{\"model\":\"wan2.7-image-pro\",\"prompt\":\"a flower shop\""
        + (members.isEmpty() ? "" : ",")
        + members
        + "}";
  }

  private static String prompt(String prompt) {
    return "{\"model\":\"wan2.7-image-pro\",\"prompt\":\"" + prompt + "\"}";
  }

  private static String content(String items, String members) {
    return "{\"model\":\"wan2.7-image-pro\",\"input\":{\"messages\":[{\"role\":\"user\",\"content\":["
        + items
        + "]}]}"
        + members
        + "}";
  }

  private static String palette(String hex, String ratio) {
    return "\"color_palette\":[{\"hex\":\"#111111\",\"ratio\":\"33.33%\"},{\"hex\":\"#222222\",\"ratio\":\"33.33%\"},{\"hex\":\"%HEX\",\"ratio\":\"%RATIO\"}]"
        .replace("%HEX", hex)
        .replace("%RATIO", ratio);
  }

  private static String equalShares(int count, String ratio) {
    String swatch = "{\"hex\":\"#111111\",\"ratio\":\"" + ratio + "\"}";
    return "\"color_palette\":[" + String.join(",", Collections.nCopies(count, swatch)) + "]";
  }

  private static String url(String mediaType, byte[] picture) {
    return "data:" + mediaType + ";base64," + Base64.getEncoder().encodeToString(picture);
  }
}
