package dev.moongate.http.images;

import dev.moongate.error.ErrorCode;
import dev.moongate.error.GatewayException;
import dev.moongate.http.Members;
import dev.moongate.http.body.ReceivedBody;
import dev.moongate.image.ContentPart;
import dev.moongate.image.Warning;
import dev.moongate.model.Model;
import dev.moongate.model.RequestCheck;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The content of {@code POST /v1/images/generations}: {@code prompt}, or {@code input}. */
record GenerationContent(InputMember pictures) implements Content {
  @Override
  public Set<String> names() {
    return Set.of("prompt", "input");
  }

  @Override
  public Set<String> ignored() {
    return Set.of();
  }

  @Override
  public void refuse(ReceivedBody received, ObjectNode body) {
    StrayPictures.refuseIn(received, body);
  }

  @Override
  public ObjectNode typed(ObjectNode body, Model model) {
    return body;
  }

  @Override
  public List<ContentPart> read(Members body, RequestCheck check, List<Warning> warnings) {
    JsonNode input = body.find("input");
    String prompt = body.text("prompt");
    if (input == null) {
      return List.of(
          prompt(body, check, "say what the picture shows in prompt or in input.messages"));
    }
    if (prompt != null && !prompt.isEmpty()) {
      warnings.add(
          new Warning(
              "prompt", "prompt_overridden", "Both prompt and input were given; input was used."));
    }
    return new ContentMembers(pictures, check).read(input);
  }

  /**
   * The text that {@code prompt} is.
   *
   * @param advice for whoever left it out
   */
  static ContentPart.Text prompt(Members body, RequestCheck check, String advice) {
    String prompt = body.text("prompt");
    if (prompt == null || prompt.isEmpty()) {
      throw new GatewayException(
          ErrorCode.MISSING_REQUIRED_PARAMETER, "prompt", "prompt is missing; " + advice);
    }
    ContentMembers.requireWords("prompt", prompt);
    check.prompt("prompt", prompt);
    return new ContentPart.Text(prompt);
  }
}
