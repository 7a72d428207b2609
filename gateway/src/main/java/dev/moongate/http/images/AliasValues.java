package dev.moongate.http.images;

import dev.moongate.error.ErrorCode;
import dev.moongate.error.GatewayException;
import dev.moongate.http.Members;
import dev.moongate.http.Wire;
import dev.moongate.image.ContentPart;
import dev.moongate.image.ResponseFormat;
import dev.moongate.model.Model;
import dev.moongate.model.Parameter;
import dev.moongate.model.RequestCheck;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.databind.node.ObjectNode;

/** Reads the values of an alias, which are texts, as those of a request are read. */
public final class AliasValues {
  private static final String SEQUENTIAL = "enable_sequential";

  private final Model model;
  private final Duration longestLink;

  public AliasValues(Model model, Duration longestLink) {
    this.model = model;
    this.longestLink = longestLink;
  }

  /**
   * The values as members of a request.
   *
   * @param refused is told of each that no request for this model could have
   */
  public ObjectNode read(Map<String, String> texts, Consumer<GatewayException> refused) {
    ObjectNode values = Wire.object();
    texts.forEach((name, text) -> {
      try {
        ObjectNode one = Wire.object().put(name, text);
        // What a value may be can depend on the mode.
        if (texts.containsKey(SEQUENTIAL)) {
          one.put(SEQUENTIAL, texts.get(SEQUENTIAL));
        }
        values.set(name, judged(name, FormTexts.typed(one, model)).get(name));
      } catch (GatewayException e) {
        refused.accept(e);
      }
    });
    return values;
  }

  private ObjectNode judged(String name, ObjectNode request) {
    if (model.parameters().stream().map(Parameter::name).noneMatch(name::equals)) {
      throw new GatewayException(
          ErrorCode.UNKNOWN_PARAMETER, name, "%s has no %s".formatted(model.id(), name));
    }
    Members members = new Members(request, "");
    AnswerMembers answer =
        new AnswerMembers(members, new Usual(false, ResponseFormat.URL, null, longestLink));
    var _ =
        new PictureMembers(members, model, new RequestCheck(model))
            .request(
                List.of(new ContentPart.Text("x")),
                answer.responseFormat(),
                answer.linkLife(),
                List.of());
    return request;
  }
}
