package dev.moongate.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InputCheckTest extends SandboxFixture {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"n\":true}",
        "{\"n\":\"1\"}",
        "{\"n\":1.0}",
        "{\"n\":0}",
        "{\"n\":5}",
        "{\"n\":13,\"enable_sequential\":true}",
        "{\"n\":null}",
        "{\"size\":\"2k\"}",
        "{\"size\":\"1024x1024\"}",
        "{\"size\":\"700*700\"}",
        "{\"size\":\"4097*4097\"}",
        "{\"size\":\"4096*400\"}",
        "{\"size\":\"4K\",\"enable_sequential\":true}",
        "{\"seed\":-1}",
        "{\"seed\":2147483648}",
        "{\"watermark\":\"false\"}",
        "{\"negative_prompt\":\"x\"}",
        "{\"bbox_list\":[[]]}",
        "{\"color_palette\":[]}",
        "{\"color_palette\":[{\"hex\":\"#fff\",\"ratio\":\"50.00%\"},{\"hex\":\"#000000\",\"ratio\":\"25.00%\"},{\"hex\":\"#0000ff\",\"ratio\":\"25.00%\"}]}",
        "{\"color_palette\":[{\"hex\":\"#ffffff\",\"ratio\":\"50.00%\"},{\"hex\":\"#000000\",\"ratio\":\"25.00%\"},{\"hex\":\"#0000ff\",\"ratio\":\"25.01%\"}]}",
        "[]",
      })
  void badParametersAreRefused(String parameters) throws Exception {
    var answer = caller.async(Caller.body("a", parameters));
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.at("/code")).isEqualTo("InvalidParameter");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"n\":4}",
        "{\"n\":12,\"enable_sequential\":true,\"size\":\"1K\"}",
        "{\"size\":\"4096*4096\"}",
        "{\"size\":\"768*768\"}",
        "{\"seed\":0}",
        "{\"seed\":2147483647}",
      })
  void goodParametersAreAccepted(String parameters) throws Exception {
    assertThat(caller.async(Caller.body("a sandbox:pending=1h", parameters)).status())
        .isEqualTo(200);
  }

  @Test
  void unknownModelIsNotFound() throws Exception {
    var answer = caller.async(Caller.body("a", "{}").replace("image-pro", "image-max"));
    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.at("/code")).isEqualTo("ModelNotFound");
  }

  @Test
  void longTextIsCutWithoutAWord() throws Exception {
    String prompt = "\\uD83C\\uDF38".repeat(5000) + " sandbox:no-such-word";
    assertThat(caller.async(Caller.body(prompt, "{\"size\":\"1K\"}")).status()).isEqualTo(200);
  }

  @Test
  void bigDataUrlPassesAndAHugeOneDoesNot() throws Exception {
    byte[] bmp = new byte[19 * 1024 * 1024];
    bmp[0] = 'B';
    bmp[1] = 'M';
    bmp[19] = 4; // width 1024, little-endian at 18
    bmp[23] = 2; // height 512
    assertThat(withPicture(bmp).status()).isEqualTo(200);
    byte[] huge = java.util.Arrays.copyOf(bmp, 21 * 1024 * 1024);
    assertThat(withPicture(huge).at("/code")).isEqualTo("InvalidParameter");
  }

  private Caller.Answer withPicture(byte[] bytes) throws Exception {
    String url = "data:image/bmp;base64," + Base64.getEncoder().encodeToString(bytes);
    String body =
        Caller.body("sandbox:pending=1h", "{\"size\":\"2K\"}")
            .replace("[{\"text\"", "[{\"image\":\"" + url + "\"},{\"text\"");
    return caller.async(body);
  }
}
