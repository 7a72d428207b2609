package dev.moongate.http.models;

import dev.moongate.auth.KeyTerms;
import dev.moongate.http.Wire;
import dev.moongate.image.ImageFormat;
import dev.moongate.image.Size;
import dev.moongate.model.Alias;
import dev.moongate.model.Model;
import dev.moongate.model.Money;
import dev.moongate.model.Parameter;
import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.IntNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A model as a caller sees it: enough to draw a form from and to reckon with.
 *
 * @param terms of the caller's key, whose own defaults are told
 */
record ModelView(String currency, Duration longestLink, KeyTerms terms) {
  /** What a variant may say instead. */
  private static final List<String> RESOLVED = List.of("default", "minimum", "maximum", "choices");

  ObjectNode of(Alias named) {
    Model model = named.model();
    ObjectNode json =
        Wire.object()
            .put("id", named.name())
            .put("object", "model")
            .put("created", model.created())
            .put("owned_by", model.ownedBy())
            .put("description", model.description());
    if (!named.name().equals(model.id())) {
      json.put("alias_of", model.id());
    }
    ArrayNode parameters = json.putArray("parameters");
    model.parameters().forEach(parameter -> parameters.add(parameter(parameter, named)));
    ArrayNode ignored = json.putArray("ignored");
    new TreeSet<>(model.ignored()).forEach(ignored::add);
    ArrayNode sizes = json.putArray("sizes");
    ObjectNode textToImage = sizes(model, true).put("condition", "text to image");
    textToImage.putObject("when").put("input_images", 0).put("enable_sequential", false);
    ObjectNode others =
        sizes(model, false).put("condition", "with input pictures or enable_sequential: true");
    others.putObject("when");
    sizes.add(textToImage).add(others);
    json.set("input_images", inputs(model.inputImages()));
    Money price = model.price(currency);
    json.putObject("price")
        .put("amount", price.decimal())
        .put("currency", price.currency())
        .put("per", "image");
    return json;
  }

  private ObjectNode parameter(Parameter parameter, Alias named) {
    ObjectNode json = Wire.object().put("name", parameter.name());
    json.setAll(parameter.description());
    switch (parameter.name()) {
      case "response_format" -> {
        if (terms.responseFormat() != null) {
          json.put("default", terms.responseFormat().wireName());
        }
      }
      case "link_expires_in" -> {
        Duration own = terms.linkLife();
        Duration longest = own == null || own.compareTo(longestLink) > 0 ? longestLink : own;
        json.put("maximum", longest.toSeconds()).put("default", longest.toSeconds());
      }
      default -> {}
    }
    resolve(json, named);
    if (named.defaults().has(parameter.name())) {
      // Under every condition: the alias speaks wherever the request is silent.
      json.set("default", named.defaults().get(parameter.name()));
      json.path("variants")
          .forEach(variant -> {
            if (variant instanceof ObjectNode object && object.has("default")) {
              object.set("default", named.defaults().get(parameter.name()));
            }
          });
    }
    return json;
  }

  /**
   * Where the values of an alias decide under which condition a request stands that says nothing,
   * what holds there is what holds.
   */
  private static void resolve(ObjectNode parameter, Alias named) {
    Iterable<JsonNode> variants = parameter.path("variants");
    boolean decided = false;
    for (JsonNode variant : variants) {
      decided |= variant.path("when").propertyNames().stream().anyMatch(named.defaults()::has);
    }
    for (JsonNode variant : variants) {
      if (decided && holds(variant.path("when"), named)) {
        RESOLVED.stream()
            .filter(variant::has)
            .forEach(member -> parameter.set(member, variant.get(member)));
        return;
      }
    }
  }

  private static boolean holds(JsonNode when, Alias named) {
    return when.properties().stream()
        .allMatch(condition -> condition.getValue().equals(standing(condition.getKey(), named)));
  }

  /** What a request has that does not say it. */
  private static JsonNode standing(String name, Alias named) {
    return named.model().parameters().stream()
        .filter(parameter -> parameter.name().equals(name))
        .findFirst()
        .map(parameter ->
            named.defaults().has(name)
                ? named.defaults().get(name)
                : parameter.description().path("default"))
        // No parameter: the number of input pictures.
        .orElse(IntNode.valueOf(0));
  }

  private static ObjectNode sizes(Model model, boolean textToImage) {
    Model.Sizes sizes = model.sizes(textToImage);
    ObjectNode json = Wire.object();
    ArrayNode tiers = json.putArray("tiers");
    sizes.tiers().stream().map(Size.Tier::label).forEach(tiers::add);
    return json.put("min_pixels", sizes.minPixels())
        .put("max_pixels", sizes.maxPixels())
        .put("max_ratio", model.maxRatio())
        .put("smallest_square", square(Math.ceil(Math.sqrt((double) sizes.minPixels()))))
        .put("largest_square", square(Math.floor(Math.sqrt((double) sizes.maxPixels()))));
  }

  private static String square(double side) {
    return "%dx%d".formatted((int) side, (int) side);
  }

  private static ObjectNode inputs(Model.InputRules rules) {
    ObjectNode json =
        Wire.object()
            .put("max_items", rules.max())
            .put("min_side", rules.minSide())
            .put("max_side", rules.maxSide())
            .put("max_ratio", rules.maxRatio())
            .put("max_bytes", rules.maxBytes())
            .put("max_boxes", rules.boxes())
            .put("transparency", false);
    ArrayNode types = json.putArray("media_types");
    rules.formats().stream().map(ImageFormat::mediaType).sorted().forEach(types::add);
    return json;
  }
}
