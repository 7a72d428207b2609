package dev.moongate.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moongate.model.Money;
import dev.moongate.provider.ImageProvider.Mode;
import dev.moongate.settings.MoongateSettings.ModelSettings;
import dev.moongate.testing.MoongateHarness;
import dev.moongate.testing.SettingsBuilder;
import dev.moongate.testing.StandInUpstream;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a caller can learn of a model before it spends anything. */
@Timeout(300)
class ModelsTest {
  @TempDir private Path home;

  @Test
  void modelSaysWhatItTakesAndWhatItCostsHere() {
    dev.moongate.auth.Key key = dev.moongate.auth.Key.generate(new SecureRandom());
    try (StandInUpstream upstream = new StandInUpstream();
        MoongateHarness moongate =
            MoongateHarness.start(
                SettingsBuilder.from(
                        MoongateHarness.settings(
                            home,
                            List.of(MoongateHarness.account(upstream.uri(), Mode.ASYNC)),
                            key))
                    .currency("USD")
                    .models(
                        Map.of(
                            "wan2.7-image", new ModelSettings(List.of(), new Money(45_000, "USD"))))
                    .build(),
                key)) {
      JsonNode model = moongate.get("/v1/models/wan2.7-image-pro").json();
      assertThat(model.path("object").stringValue()).isEqualTo("model");
      assertThat(model.path("price"))
          .isEqualTo(json("{'amount':0.075,'currency':'USD','per':'image'}"));
      assertThat(parameter(model, "n"))
          .isEqualTo(
              json(
                  """
                  {'name':'n','type':'integer','default':1,'minimum':1,'maximum':12,
                   'description':'How many pictures; in sequential mode at most so many.',
                   'condition':'at most 4 unless enable_sequential is true; then 12 if left out',
                   'variants':[
                    {'when':{'enable_sequential':false},'default':1,'minimum':1,'maximum':4},
                    {'when':{'enable_sequential':true},'default':12,'minimum':1,'maximum':12}]}
                  """));
      assertThat(parameter(model, "prompt").path("max_length").intValue()).isEqualTo(5000);
      assertThat(parameter(model, "response_format").path("choices"))
          .isEqualTo(json("['url','b64_json']"));
      assertThat(parameter(model, "link_expires_in").path("maximum").intValue()).isEqualTo(86_400);
      assertThat(parameter(model, "bbox_list").path("items"))
          .isEqualTo(
              json(
                  """
                  {'type':'array','max_items':2,'items':{'type':'array','min_items':4,'max_items':4,
                   'items':{'type':'integer','minimum':0}}}
                  """));
      assertThat(model.path("sizes"))
          .isEqualTo(
              json(
                  """
                  [{'tiers':['1K','2K','4K'],'min_pixels':589824,'max_pixels':16777216,'max_ratio':8,
                    'smallest_square':'768x768','largest_square':'4096x4096',
                    'condition':'text to image','when':{'input_images':0,'enable_sequential':false}},
                   {'tiers':['1K','2K'],'min_pixels':589824,'max_pixels':4194304,'max_ratio':8,
                    'smallest_square':'768x768','largest_square':'2048x2048',
                    'condition':'with input pictures or enable_sequential: true','when':{}}]
                  """));
      assertThat(model.path("input_images"))
          .isEqualTo(
              json(
                  """
                  {'max_items':9,'min_side':240,'max_side':8000,'max_ratio':8,'max_bytes':20971520,
                   'max_boxes':2,'transparency':false,
                   'media_types':['image/bmp','image/jpeg','image/png','image/webp']}
                  """));
      assertThat(model.path("ignored").valueStream().map(JsonNode::stringValue))
          .contains("quality", "style");
      JsonNode listed = moongate.get("/v1/models").json().path("data");
      assertThat(listed.get(0)).isEqualTo(model);
      assertThat(listed.get(1).at("/price/amount").decimalValue()).isEqualByComparingTo("0.045");
    }
  }

  private static JsonNode parameter(JsonNode model, String name) {
    return model
        .path("parameters")
        .valueStream()
        .filter(parameter -> parameter.path("name").stringValue().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static JsonNode json(String text) {
    return JsonMapper.builder().build().readTree(text.replace('\'', '"'));
  }
}
