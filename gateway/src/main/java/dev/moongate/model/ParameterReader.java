package dev.moongate.model;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Puts a model's parameters together: what each is for, and the model's own numbers. */
final class ParameterReader {
  private ParameterReader() {}

  static List<Parameter> read(JsonNode model, JsonNode described) {
    List<Parameter> parameters = new ArrayList<>();
    for (String name : Catalogue.words(model.required("parameters"))) {
      JsonNode parameter = described.required(name);
      parameters.add(
          new Parameter(
              name,
              parameter.required("type").stringValue(),
              standard(name, parameter, model),
              min(name, model),
              max(name, model),
              choices(name, parameter, model),
              parameter.required("description").stringValue(),
              condition(name, parameter, model)));
    }
    return parameters;
  }

  private static @Nullable String standard(String name, JsonNode parameter, JsonNode model) {
    if (name.equals("n")) {
      return model.required("n").required("default").toString();
    }
    JsonNode standard = parameter.get("default");
    return standard == null ? null : standard.stringValue();
  }

  private static @Nullable String condition(String name, JsonNode parameter, JsonNode model) {
    JsonNode condition = parameter.get("condition");
    if (condition == null) {
      return null;
    }
    String text = condition.stringValue();
    return name.equals("n")
        ? text.formatted(
            model.required("n").required("max").intValue(),
            model.required("n-sequential").required("default").intValue())
        : text;
  }

  private static @Nullable Long min(String name, JsonNode model) {
    return switch (name) {
      case "n", "link_expires_in" -> 1L;
      case "seed" -> 0L;
      case "color_palette" -> model.required("palette").required("min").longValue();
      default -> null;
    };
  }

  private static @Nullable Long max(String name, JsonNode model) {
    return switch (name) {
      case "n" -> model.required("n-sequential").required("max").longValue();
      case "color_palette" -> model.required("palette").required("max").longValue();
      case "seed" -> model.required("seed-max").longValue();
      case "prompt" -> model.required("prompt-max").longValue();
      default -> null;
    };
  }

  private static List<String> choices(String name, JsonNode parameter, JsonNode model) {
    if (name.equals("size")) {
      return Catalogue.words(model.required("text-to-image").required("tiers"));
    }
    JsonNode choices = parameter.get("choices");
    return choices == null ? List.of() : Catalogue.words(choices);
  }
}
