package dev.moongate.sandbox.ask;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Strict reading of a JSON object's members: a value of another type is refused by name. */
final class Fields {
  private final JsonNode object;

  Fields(JsonNode object) {
    this.object = object;
  }

  void onlyKnows(Set<String> known, String where) {
    for (String name : object.propertyNames()) {
      if (!known.contains(name)) {
        throw VendorError.invalid("unknown " + where + ": " + name);
      }
    }
  }

  /** The member, or null where it is absent. JSON null is not absent. */
  @Nullable JsonNode find(String name) {
    return object.get(name);
  }

  boolean flag(String name, boolean absent) {
    JsonNode node = object.get(name);
    if (node == null) {
      return absent;
    }
    if (!node.isBoolean()) {
      throw VendorError.invalid(name + " must be a boolean");
    }
    return node.booleanValue();
  }

  @Nullable Integer number(String name, int least, int most) {
    JsonNode node = object.get(name);
    if (node == null) {
      return null;
    }
    if (!node.isIntegralNumber()) {
      throw VendorError.invalid(name + " must be an integer");
    }
    if (!node.canConvertToInt() || node.intValue() < least || node.intValue() > most) {
      throw VendorError.invalid("Range of " + name + " should be [" + least + ", " + most + "]");
    }
    return node.intValue();
  }

  String string(String name, String absent) {
    JsonNode node = object.get(name);
    if (node == null) {
      return absent;
    }
    if (!node.isString()) {
      throw VendorError.invalid(name + " must be a string");
    }
    return node.stringValue();
  }
}
