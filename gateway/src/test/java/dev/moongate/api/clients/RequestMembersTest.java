package dev.moongate.api.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moongate.testing.MoongateHarness.Answer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Requirements 1 to 7 and 13: the members that clients send. */
class RequestMembersTest extends ClientRequirements {
  private static final String INPUT =
      ",'input':{'messages':[{'role':'user','content':[{'text':'the input'}]}]}";
  private static final List<String> OPENAI_ONLY =
      List.of(
          "'quality':'standard'",
          "'style':'vivid'",
          "'user':'u-1'",
          "'background':'auto'",
          "'moderation':'low'",
          "'output_format':'png'",
          "'output_compression':100",
          "'partial_images':2",
          "'safety_identifier':'s'",
          "'complexity':'high'");
  private static final List<String> OLD_CHERRY_STUDIO =
      List.of(
          "'image_size':'1024x1024'",
          "'batch_size':1",
          "'negative_prompt':'blur'",
          "'num_inference_steps':20",
          "'guidance_scale':7.5",
          "'prompt_enhancement':false");

  @Test
  void requirement01_promptIsWorthAsMuchAsInput() {
    generated("");
    String byPrompt = upstream.tasks().getLast().body();
    Answer answer =
        moongate.generate(
            quoted("{'model':'wan2.7-image-pro'" + INPUT.replace("the input", "x") + "}"));
    assertThat(answer.status()).isEqualTo(200);
    assertThat(upstream.tasks().getLast().body()).isEqualTo(byPrompt);
  }

  @Test
  void requirement02_emptyPromptIsAbsentAndInputWins() {
    Answer empty =
        moongate.generate(quoted("{'model':'wan2.7-image-pro','prompt':''" + INPUT + "}"));
    assertThat(empty.status()).isEqualTo(200);
    assertThat(empty.json().has("warnings")).isFalse();
    assertThat(text()).isEqualTo("the input");
    Answer both = generated(INPUT);
    assertThat(text()).isEqualTo("the input");
    assertThat(both.json().at("/warnings/0/code").stringValue()).isEqualTo("prompt_overridden");
    for (String neither : List.of("", ",'prompt':''", ",'prompt':null,'input':null")) {
      Answer answer = moongate.generate(quoted("{'model':'wan2.7-image-pro'" + neither + "}"));
      assertThat(answer.error()).isEqualTo("400 missing_required_parameter");
      assertThat(answer.param()).isEqualTo("prompt");
    }
  }

  private String text() {
    return sent().at("/input/messages/0/content/0/text").stringValue();
  }

  @Test
  void requirement03_nullIsAbsentForEveryOptionalMember() {
    generated("");
    String usual = upstream.tasks().getLast().body();
    Answer answer =
        generated(
            """
            ,'input':null,'n':null,'size':null,'response_format':null,'quality':null,'style':null,'user':null,\
            'background':null,'moderation':null,'output_format':null,'output_compression':null,\
            'partial_images':null,'safety_identifier':null,'complexity':null,'stream':null,'seed':null,\
            'watermark':null,'thinking_mode':null,'enable_sequential':null,'color_palette':null,\
            'bbox_list':null,'link_expires_in':null\
            """);
    assertThat(upstream.tasks().getLast().body()).isEqualTo(usual);
    assertThat(answer.json().has("warnings")).isFalse();
    assertThat(answer.json().at("/data/0").propertyNames()).containsExactly("url");
  }

  @Test
  void requirement04_explicitFalseAndZeroArrive() {
    generated(",'watermark':false,'seed':0,'thinking_mode':false,'enable_sequential':false");
    assertThat(sent().path("parameters").toString())
        .contains("\"watermark\":false")
        .contains("\"seed\":0")
        .contains("\"thinking_mode\":false")
        .contains("\"enable_sequential\":false");
  }

  @Test
  void requirement05_openAisOtherMembersAreIgnoredWithAWarning() {
    Answer answer = generated("," + String.join(",", OPENAI_ONLY) + ",'stream':false");
    assertThat(warned(answer)).containsExactlyInAnyOrderElementsOf(names(OPENAI_ONLY));
    assertThat(sentNames()).containsExactly("n");
  }

  /** A slip of the pen must be told, so what only another vendor knows needs a key that says so. */
  @Test
  void requirement05_membersOfOtherVendorsAreIgnoredForLenientKeysOnly() {
    for (String member : OLD_CHERRY_STUDIO) {
      Answer answer = moongate.generate(body("," + member));
      assertThat(answer.error()).isEqualTo("400 unknown_parameter");
      assertThat(answer.param()).isEqualTo(names(List.of(member)).getFirst());
    }
    Answer answer = generateAs(key(",'lenient':true"), "," + String.join(",", OLD_CHERRY_STUDIO));
    assertThat(answer.status()).isEqualTo(200);
    assertThat(warned(answer)).containsExactlyInAnyOrderElementsOf(names(OLD_CHERRY_STUDIO));
    assertThat(sentNames()).containsExactly("n");
  }

  private static List<String> names(List<String> members) {
    return members.stream().map(member -> member.split("'", -1)[1]).toList();
  }

  @Test
  void requirement06_sizesOfEverySpelling() {
    assertThat(sentSize("'1024x1024'")).isEqualTo("1024*1024");
    assertThat(sentSize("'1024*1024'")).isEqualTo("1024*1024");
    for (String tier : List.of("1K", "1k", "2K", "2k", "4K", "4k")) {
      assertThat(sentSize("'" + tier + "'")).isEqualToIgnoringCase(tier).isUpperCase();
    }
    assertThat(sentSize("'auto'")).isNull();
    assertThat(sentSize("null")).isNull();
    for (String legacy : List.of("256x256", "512x512")) {
      Answer answer = moongate.generate(body(",'size':'" + legacy + "'"));
      assertThat(answer.error()).isEqualTo("400 invalid_value");
      assertThat(answer.param()).isEqualTo("size");
      assertThat(answer.json().at("/error/message").stringValue()).contains("768x768");
    }
  }

  private String sentSize(String size) {
    generated(",'size':" + size);
    return sent().at("/parameters/size").asString(null);
  }

  @Test
  void requirement07_acceptsEveryResponseFormat() {
    for (String url : List.of("", ",'response_format':null", ",'response_format':'url'")) {
      assertThat(generated(url).json().at("/data/0").propertyNames()).containsExactly("url");
    }
    assertThat(generated(",'response_format':'b64_json'").json().at("/data/0").propertyNames())
        .containsExactly("b64_json");
    Answer answer = moongate.generate(body(",'response_format':'png'"));
    assertThat(answer.error()).isEqualTo("400 invalid_value");
    assertThat(answer.param()).isEqualTo("response_format");
  }

  @Test
  void requirement13_countsOutOfRangeAreRefusedAndNeverClamped() {
    for (String within : List.of("'n':1", "'n':4", "'n':12,'enable_sequential':true")) {
      generated("," + within);
    }
    for (String outside :
        List.of("'n':0", "'n':5", "'n':6", "'n':10", "'n':13,'enable_sequential':true")) {
      Answer answer = moongate.generate(body("," + outside));
      assertThat(answer.error()).as(outside).isEqualTo("400 invalid_value");
      assertThat(answer.param()).isEqualTo("n");
    }
    assertThat(upstream.submits()).isEqualTo(3);
  }
}
