package dev.moongate.api.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moongate.testing.Form;
import dev.moongate.testing.MoongateHarness.Answer;
import dev.moongate.testing.Pictures;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Requirements 37 to 39: models, edits, and what a key is given unasked. */
class OtherAddressesTest extends ClientRequirements {
  @Test
  void requirement37_modelsAreListedAndShownInOpenAisShape() {
    Answer list = moongate.get("/v1/models");
    assertThat(list.json().path("object").stringValue()).isEqualTo("list");
    assertThat(list.json().path("data").findValuesAsString("id"))
        .contains("wan2.7-image-pro", "wan2.7-image");
    for (JsonNode model : list.json().path("data")) {
      assertThat(model.path("object").stringValue()).isEqualTo("model");
      assertThat(model.path("created").isIntegralNumber()).isTrue();
      assertThat(model.path("owned_by").stringValue()).isNotBlank();
      assertThat(moongate.get("/v1/models/" + model.path("id").stringValue()).json())
          .isEqualTo(model);
    }
    for (String path : List.of("/v1/models", "/v1/models/wan2.7-image")) {
      assertThat(moongate.call(null, "GET", path, null).error()).isEqualTo("401 invalid_api_key");
    }
    assertThat(moongate.get("/v1/models/none").error()).isEqualTo("404 model_not_found");
  }

  @Test
  void requirement38_formsWithPicturesUnderEitherNameAreEdited() {
    for (String name : List.of("image", "image[]")) {
      Form form = Form.edit();
      for (int i = 0; i < 2; i++) {
        form.file(name, "image/png", Pictures.png(300 + i, 300));
      }
      Answer answer = form.text("n", "1").text("size", "1024x1024").sendTo(moongate);
      assertThat(answer.status()).as(name + ": " + answer.json()).isEqualTo(200);
      assertThat(answer.json().at("/data/0").propertyNames()).containsExactly("url");
      assertThat(sent().at("/input/messages/0/content")).hasSize(3);
    }
    assertThat(moongate.post("/v1/images/variations", "{}").error()).isEqualTo("404 not_found");
  }

  @Test
  void requirement39_aKeyMayBeGivenBase64Unasked() {
    String key = key(",'response_format':'b64_json'");
    assertThat(generateAs(key, "").json().at("/data/0").propertyNames())
        .containsExactly("b64_json");
    assertThat(generateAs(key, ",'response_format':'url'").json().at("/data/0").propertyNames())
        .containsExactly("url");
  }
}
