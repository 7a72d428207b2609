package dev.moongate.model;

import dev.moongate.error.GatewayException;
import java.util.function.Predicate;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A name under which a model can be asked for, for apps that insist on one, with values for what
 * their requests do not say. It is a name and no more: limits, prices, the ledger and what is shown
 * of a generation go by the model.
 *
 * @param defaults members of a request, of the types that the model's parameters have
 */
public record Alias(String name, Model model, ObjectNode defaults) {
  public Alias {
    defaults = defaults.deepCopy();
  }

  /** A model under its own name. */
  static Alias of(Model model) {
    return new Alias(model.id(), model, JsonNodeFactory.instance.objectNode());
  }

  /** A copy, since a node can be changed. */
  @Override
  public ObjectNode defaults() {
    return defaults.deepCopy();
  }

  /**
   * The same refusal; where it is about a value of the alias, it says where that comes from.
   *
   * @param said whether the request itself has a member
   */
  public GatewayException explain(GatewayException refusal, Predicate<String> said) {
    String param = refusal.param();
    String member = param == null ? "" : param.substring(param.lastIndexOf('.') + 1);
    if (!defaults.has(member) || said.test(member)) {
      return refusal;
    }
    return new GatewayException(
        refusal.code(),
        param,
        "%s; the request does not say %s, and the alias %s stands for %s"
            .formatted(refusal.message(), member, name, defaults.get(member)));
  }
}
