package dev.moongate.model;

import tools.jackson.databind.node.ObjectNode;

/**
 * A member that a model understands, described well enough to draw a form from.
 *
 * @param type {@code string}, {@code integer}, {@code boolean}, {@code object} or {@code array}
 * @param description all that the catalogue says of it, with the model's own numbers: type,
 *     default, range, choices, shape, and under which condition
 */
public record Parameter(String name, String type, ObjectNode description) {
  public Parameter {
    description = description.deepCopy();
  }

  /** A copy, since a node can be changed. */
  @Override
  public ObjectNode description() {
    return description.deepCopy();
  }
}
