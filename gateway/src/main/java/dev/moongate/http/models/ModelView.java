package dev.moongate.http.models;

import dev.moongate.http.Wire;
import dev.moongate.image.Size;
import dev.moongate.model.Model;
import dev.moongate.model.Money;
import dev.moongate.model.Parameter;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A model as callers see it: enough to draw a form from and to reckon with. */
final class ModelView {
  private ModelView() {}

  static ObjectNode of(Model model, String currency) {
    ObjectNode json =
        Wire.object()
            .put("id", model.id())
            .put("object", "model")
            .put("created", model.created())
            .put("owned_by", model.ownedBy())
            .put("description", model.description());
    ArrayNode parameters = json.putArray("parameters");
    model.parameters().forEach(parameter -> parameters.add(parameter(parameter)));
    ArrayNode sizes = json.putArray("sizes");
    sizes.add(sizes(model, true).put("condition", "text to image"));
    sizes.add(
        sizes(model, false).put("condition", "with input pictures or enable_sequential: true"));
    Money price = model.price(currency);
    json.putObject("price").put("amount", price.decimal()).put("currency", price.currency());
    return json;
  }

  private static ObjectNode parameter(Parameter parameter) {
    ObjectNode json = Wire.object().put("name", parameter.name()).put("type", parameter.type());
    if (parameter.standard() != null) {
      json.set("default", Wire.read(parameter.standard()));
    }
    if (parameter.min() != null) {
      json.put("minimum", parameter.min());
    }
    if (parameter.max() != null) {
      json.put("maximum", parameter.max());
    }
    if (!parameter.choices().isEmpty()) {
      ArrayNode choices = json.putArray("choices");
      parameter.choices().forEach(choices::add);
    }
    json.put("description", parameter.description());
    if (parameter.condition() != null) {
      json.put("condition", parameter.condition());
    }
    return json;
  }

  private static ObjectNode sizes(Model model, boolean textToImage) {
    Model.Sizes sizes = model.sizes(textToImage);
    ObjectNode json = Wire.object();
    ArrayNode tiers = json.putArray("tiers");
    sizes.tiers().stream().map(Size.Tier::label).forEach(tiers::add);
    return json.put("min_pixels", sizes.minPixels())
        .put("max_pixels", sizes.maxPixels())
        .put("max_ratio", model.maxRatio());
  }
}
