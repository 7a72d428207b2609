package dev.moongate.http.images;

import dev.moongate.http.Wire;
import dev.moongate.provider.ProviderOutcome;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/** The provider's final JSON as a caller sees it: everything kept, links leading to our copies. */
final class Metadata {
  private Metadata() {}

  /**
   * Puts links in the place of the placeholders.
   *
   * @param links by the picture's index; a placeholder without a link becomes null
   */
  static JsonNode withLinks(String metadata, Map<Integer, String> links) {
    JsonNode tree = Wire.read(metadata);
    replace(tree, links);
    return tree;
  }

  private static void replace(JsonNode node, Map<Integer, String> links) {
    switch (node) {
      case ObjectNode object ->
          object.propertyNames().stream()
              .toList()
              .forEach(name -> object.set(name, replaced(object.get(name), links)));
      case ArrayNode array -> {
        for (int i = 0; i < array.size(); i++) {
          array.set(i, replaced(array.get(i), links));
        }
      }
      default -> {}
    }
  }

  private static JsonNode replaced(JsonNode node, Map<Integer, String> links) {
    if (!(node instanceof StringNode text)) {
      replace(node, links);
      return node;
    }
    String prefix = ProviderOutcome.Succeeded.placeholder(0).replaceFirst("0$", "");
    String value = text.stringValue();
    if (!value.startsWith(prefix)) {
      return node;
    }
    String index = value.substring(prefix.length());
    String link = index.matches("\\d{1,6}") ? links.get(Integer.valueOf(index)) : null;
    return link == null ? Wire.nothing() : StringNode.valueOf(link);
  }
}
