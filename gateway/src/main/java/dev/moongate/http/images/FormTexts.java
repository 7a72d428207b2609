package dev.moongate.http.images;

import dev.moongate.error.ErrorCode;
import dev.moongate.error.GatewayException;
import dev.moongate.http.Json;
import dev.moongate.model.Model;
import dev.moongate.model.Parameter;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.LongNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Gives the texts of a form the types that the model's parameters have. As strict as JSON: {@code
 * False}, {@code 1} or nothing at all is no boolean, and {@code 1.0} is no whole number.
 */
final class FormTexts {
  private static final Pattern WHOLE = Pattern.compile("0|-?[1-9][0-9]{0,17}");

  private FormTexts() {}

  static ObjectNode typed(ObjectNode form, Model model) {
    Map<String, String> types = new HashMap<>();
    for (Parameter parameter : model.parameters()) {
      types.put(parameter.name(), parameter.type());
    }
    // No model has a use for it, but a stream looks at it, and says what is wrong with it.
    if (WHOLE.matcher(form.path("partial_images").asString("")).matches()) {
      types.put("partial_images", "integer");
    }
    ObjectNode typed = JsonNodeFactory.instance.objectNode();
    for (Map.Entry<String, JsonNode> member : form.properties()) {
      String name = member.getKey();
      JsonNode text = member.getValue();
      typed.set(
          name, text.isString() ? typed(name, text, types.getOrDefault(name, "string")) : text);
    }
    return typed;
  }

  private static JsonNode typed(String name, JsonNode node, String type) {
    String text = node.stringValue();
    return switch (type) {
      case "boolean" -> flag(name, text);
      case "integer" -> number(name, text);
      case "array", "object" -> json(name, text);
      default -> node;
    };
  }

  private static JsonNode flag(String name, String text) {
    return switch (text) {
      case "true" -> BooleanNode.TRUE;
      case "false" -> BooleanNode.FALSE;
      default -> throw wrongType(name, text, "true or false");
    };
  }

  private static JsonNode number(String name, String text) {
    if (!WHOLE.matcher(text).matches()) {
      throw wrongType(name, text, "a whole number");
    }
    return LongNode.valueOf(Long.parseLong(text));
  }

  private static JsonNode json(String name, String text) {
    try {
      ObjectNode around =
          Json.object(("{\"value\":" + text + "}").getBytes(StandardCharsets.UTF_8));
      if (around.size() == 1) {
        return around.get("value");
      }
    } catch (GatewayException e) {
      throw new GatewayException(e.code(), name, name + " must be JSON. " + e.getMessage());
    }
    throw new GatewayException(
        ErrorCode.INVALID_JSON, name, name + " must be JSON; something stands after its end");
  }

  private static GatewayException wrongType(String name, String text, String wanted) {
    return new GatewayException(
        ErrorCode.INVALID_TYPE,
        name,
        "%s is the text \"%s\"; it must be %s"
            .formatted(name, GatewayException.shown(text), wanted));
  }
}
