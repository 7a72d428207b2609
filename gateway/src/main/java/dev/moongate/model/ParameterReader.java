package dev.moongate.model;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/** Puts a model's parameters together: what each is for, and the model's own numbers. */
final class ParameterReader {
  /** {@code {n.max}}: a place in the model; a pattern's repetition has no letter in it. */
  private static final Pattern PLACE = Pattern.compile("\\{([a-z][a-z.-]*)}");

  private final JsonNode model;

  private ParameterReader(JsonNode model) {
    this.model = model;
  }

  static List<Parameter> read(JsonNode model, JsonNode described) {
    ParameterReader reader = new ParameterReader(model);
    List<Parameter> parameters = new ArrayList<>();
    for (String name : Catalogue.words(model.required("parameters"))) {
      ObjectNode parameter = (ObjectNode) reader.filled(described.required(name));
      parameters.add(new Parameter(name, parameter.required("type").stringValue(), parameter));
    }
    return parameters;
  }

  private JsonNode filled(JsonNode node) {
    if (node instanceof ObjectNode object) {
      ObjectNode copy = JsonNodeFactory.instance.objectNode();
      object.properties().forEach(member -> copy.set(member.getKey(), filled(member.getValue())));
      return copy;
    }
    if (node instanceof ArrayNode array) {
      ArrayNode copy = JsonNodeFactory.instance.arrayNode();
      array.forEach(item -> copy.add(filled(item)));
      return copy;
    }
    return node.isString() ? filled(node.stringValue()) : node;
  }

  /** A text that is nothing but a place becomes what stands there, be it a number or a list. */
  private JsonNode filled(String text) {
    Matcher matcher = PLACE.matcher(text);
    return matcher.matches()
        ? at(matcher.group(1))
        : StringNode.valueOf(
            PLACE
                .matcher(text)
                .replaceAll(place -> Matcher.quoteReplacement(at(place.group(1)).asString())));
  }

  private JsonNode at(String place) {
    JsonNode found = model;
    for (String name : place.split("\\.", -1)) {
      found = found.required(name);
    }
    return found;
  }
}
