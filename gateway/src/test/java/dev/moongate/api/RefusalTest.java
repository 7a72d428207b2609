package dev.moongate.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moongate.testing.MoongateHarness.Answer;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is refused before any money: over the socket, with the provider watching that nothing
 * reaches it.
 */
class RefusalTest extends RefusalFixture {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'n':0 | n",
        "'n':5 | n",
        "'n':18446744073686646784 | n",
        "'n':13,'enable_sequential':true | n",
        "'seed':-1 | seed",
        "'seed':2147483648 | seed",
        "'size':'512x512' | size",
        "'size':'4097x4096' | size",
        "'size':'4K','enable_sequential':true | size",
        "'size':'8000x900' | size",
        "'size':'2k ' | size",
        "'response_format':'png' | response_format",
        "'link_expires_in':0 | link_expires_in",
        "'stream':true,'response_format':'url' | response_format",
        "'stream':true,'partial_images':4 | partial_images",
        "'color_palette':[] | color_palette",
        "'color_palette':[{'hex':'#FFF','ratio':'100.00%'}] | color_palette[0].hex",
        "'color_palette':[{'hex':'#FFFFFF','ratio':'100%'}] | color_palette[0].ratio",
        "'bbox_list':[[]] | bbox_list",
      })
  void wrongValuesAreNamedAndReachNobody(String member, String param) {
    Answer answer = moongate.generate(body(member.replace('\'', '"')));
    assertThat(answer.error()).isEqualTo("400 invalid_value");
    assertThat(answer.param()).isEqualTo(param);
    assertThat(answer.header("x-should-retry")).isEqualTo("false");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"n\":\"2\"",
        "\"n\":1.0",
        "\"watermark\":\"false\"",
        "\"watermark\":0",
        "\"seed\":1e3",
        "\"thinking_mode\":1",
        "\"size\":1024",
        "\"color_palette\":\"#fff\""
      })
  void wrongTypesAreNotConverted(String member) {
    assertThat(moongate.generate(body(member)).error()).isEqualTo("400 invalid_type");
  }

  @ParameterizedTest
  @CsvSource({"api_base,", "watermarks,watermark", "thinkingMode,thinking_mode", "sizes,size"})
  void unknownMembersAreNamedWithASuggestion(String name, String suggestion) {
    Answer answer = moongate.generate(body("\"" + name + "\":1"));
    assertThat(answer.error()).isEqualTo("400 unknown_parameter");
    assertThat(answer.param()).isEqualTo(name);
    if (suggestion != null) {
      assertThat(answer.json().at("/error/message").stringValue())
          .contains("did you mean " + suggestion + "?");
    }
  }

  @Test
  void parametersObjectIsToldToMoveUp() {
    Answer answer = moongate.generate(body("\"parameters\":{\"n\":1}"));
    assertThat(answer.param()).isEqualTo("parameters");
    assertThat(answer.json().at("/error/message").stringValue()).contains("top level");
  }

  @Test
  void promptOf5000CharactersIsTheLongest() {
    String astral = "\uD83C\uDF38";
    Answer answer =
        moongate.generate(
            "{\"model\":\"wan2.7-image-pro\",\"n\":9,\"prompt\":\"" + astral.repeat(5000) + "\"}");
    assertThat(answer.param()).isEqualTo("n");
    answer =
        moongate.generate(
            "{\"model\":\"wan2.7-image-pro\",\"prompt\":\"" + astral.repeat(5001) + "\"}");
    assertThat(answer.error()).isEqualTo("400 prompt_too_long");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1/a.png",
        "http://169.254.169.254/",
        "http://[::1]/",
        "file:///etc/passwd",
        "http://2130706433/",
        "http://user@example.com/a.png",
        "oss://bucket/a.png"
      })
  void inputUrlsThatAreNotPublicAreRefused(String url) {
    Answer answer =
        moongate.generate(
            """
            {"model":"wan2.7-image-pro","input":{"messages":[{"role":"user","content":[
             {"text":"x"},{"image":"%s"}]}]}}\
            """
                .formatted(url));
    assertThat(answer.error()).isEqualTo("400 url_not_allowed");
    assertThat(answer.param()).isEqualTo("input.messages[0].content[1].image");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Bearer", "Bearer ", "Basic abc", "Bearer moongate_short", "Token x"})
  void badCredentialsGetOneAndTheSameAnswer(String header) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(moongate.uri().resolve("/v1/images/generations"))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString("{}"));
    if (!header.isEmpty()) {
      request.header("Authorization", header);
    }
    Answer answer = moongate.send(request);
    assertThat(answer.error()).isEqualTo("401 invalid_api_key");
    assertThat(answer.header("www-authenticate")).isEqualTo("Bearer");
    assertThat(answer.header("x-request-id")).startsWith("req_");
  }

  @ParameterizedTest
  @CsvSource({
    "text/plain,415 unsupported_media_type",
    "application/x-www-form-urlencoded,415 unsupported_media_type",
    "application/json; charset=latin1,415 unsupported_media_type",
    "application/json;charset=UTF-8,400 missing_required_parameter"
  })
  void onlyJsonIsRead(String type, String error) {
    Answer answer =
        moongate.send(
            HttpRequest.newBuilder(moongate.uri().resolve("/v1/images/generations"))
                .header("Authorization", "bearer " + moongate.key().text())
                .header("Content-Type", type)
                .POST(BodyPublishers.ofString("{}")));
    assertThat(answer.error()).isEqualTo(error);
  }

  @Test
  void unknownModelIsA404() {
    Answer answer = moongate.generate("{\"model\":\"dall-e-3\",\"prompt\":\"x\"}");
    assertThat(answer.error()).isEqualTo("404 model_not_found");
    assertThat(answer.param()).isEqualTo("model");
  }

  private static String body(String member) {
    return "{\"model\":\"wan2.7-image-pro\",\"prompt\":\"x\"," + member + "}";
  }
}
