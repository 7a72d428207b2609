package dev.moongate.http;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Makes and writes the JSON that we send; what others send is read by {@link Json}. */
public final class Wire {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private Wire() {}

  public static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  public static ArrayNode array() {
    return JsonNodeFactory.instance.arrayNode();
  }

  public static JsonNode nothing() {
    return JsonNodeFactory.instance.nullNode();
  }

  /** UTF-8. */
  public static byte[] bytes(JsonNode json) {
    return MAPPER.writeValueAsBytes(json);
  }

  public static String text(JsonNode json) {
    return MAPPER.writeValueAsString(json);
  }

  /** JSON that our own database kept. */
  public static JsonNode read(String json) {
    return MAPPER.readTree(json);
  }
}
