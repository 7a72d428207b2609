package dev.moongate.http.images;

import dev.moongate.error.ErrorCode;
import dev.moongate.error.GatewayException;
import dev.moongate.http.Json;
import dev.moongate.http.Members;
import dev.moongate.http.body.ReceivedBody;
import dev.moongate.image.ContentPart;
import dev.moongate.image.ImageRequest;
import dev.moongate.image.Warning;
import dev.moongate.model.Alias;
import dev.moongate.model.Catalogue;
import dev.moongate.model.Model;
import dev.moongate.model.RequestCheck;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/**
 * The body of a request for pictures: every member is mapped, refused by name, or warned about.
 * Where its words and pictures are, its {@link Content} knows.
 */
final class GenerateBody {
  private final Members body;
  private final Content content;
  private final RequestCheck check;
  private final AnswerMembers answer;
  private final List<Warning> warnings = new ArrayList<>();

  private GenerateBody(Members body, Content content, RequestCheck check, Usual usual) {
    this.body = body;
    this.content = content;
    this.check = check;
    this.answer = new AnswerMembers(body, usual);
  }

  /**
   * The request that a body is. Its input pictures are still the body's own when this returns.
   *
   * @param usual what holds where the body does not say
   * @throws GatewayException naming the member that is wrong
   */
  static Posted parse(ReceivedBody received, Catalogue catalogue, Usual usual, Content content) {
    ObjectNode root = Json.object(received.json());
    content.refuse(received, root);
    Alias named = PictureMembers.model(new Members(root, ""), catalogue);
    Model model = named.model();
    ObjectNode typed = content.typed(root, model);
    Members body = new Members(typed, "").or(named.defaults());
    GenerateBody parser = new GenerateBody(body, content, new RequestCheck(model), usual);
    parser.refuseUnknown(model, usual.lenient());
    boolean stream = parser.answer.stream();
    try {
      return new Posted(parser.request(model), stream);
    } catch (GatewayException e) {
      throw named.explain(e, typed::hasNonNull);
    }
  }

  private void refuseUnknown(Model model, boolean lenient) {
    Set<String> known = new HashSet<>(Set.of("model"));
    model.parameters().forEach(parameter -> known.add(parameter.name()));
    known.removeAll(Set.of("prompt", "input"));
    known.addAll(content.names());
    for (String name : body.names()) {
      boolean ignored =
          model.ignored().contains(name)
              || content.ignored().contains(name)
              || (lenient && PictureMembers.IGNORED_WHEN_LENIENT.contains(name));
      if (name.equals("parameters")) {
        throw new GatewayException(
            ErrorCode.UNKNOWN_PARAMETER,
            "parameters",
            "There is no member parameters here: put its fields (size, n, seed, ...) at the top"
                + " level");
      }
      if (!ignored && !known.contains(name)) {
        throw body.unknown(name, known);
      }
      if (ignored && body.find(name) != null) {
        warn(name, "ignored_parameter", "This model has no use for " + name + "; it was ignored.");
      }
    }
  }

  private ImageRequest request(Model model) {
    List<ContentPart> parts = content.read(body, check, warnings);
    return new PictureMembers(body, model, check)
        .request(parts, answer.responseFormat(), answer.linkLife(), warnings);
  }

  private void warn(String param, String code, String message) {
    warnings.add(new Warning(param, code, message));
  }
}
