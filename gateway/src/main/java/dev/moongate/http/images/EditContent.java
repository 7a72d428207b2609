package dev.moongate.http.images;

import dev.moongate.error.ErrorCode;
import dev.moongate.error.GatewayException;
import dev.moongate.http.Members;
import dev.moongate.http.body.ReceivedBody;
import dev.moongate.image.ContentPart;
import dev.moongate.image.InputImage;
import dev.moongate.image.Warning;
import dev.moongate.model.Model;
import dev.moongate.model.RequestCheck;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The content of {@code POST /v1/images/edits}: pictures in the caller's order, and after them
 * {@code prompt}.
 *
 * @param form whether it came as a form: then all but the pictures are texts
 */
record EditContent(boolean form, InputMember picture) implements Content {
  private static final String HOW = "\"images\": [{\"image_url\": \"https://... or data:...\"}]";
  private static final StrayPictures.Place PLACE =
      new StrayPictures.Place(Pattern.compile("images\\[\\d+]\\.image_url"), HOW);

  /** Says how faithful OpenAI's models are to the input; SDKs and apps send it with every edit. */
  private static final Set<String> IGNORED = Set.of("input_fidelity");

  @Override
  public ObjectNode typed(ObjectNode body, Model model) {
    return form ? FormTexts.typed(body, model) : body;
  }

  @Override
  public Set<String> names() {
    // What is refused below is as good as absent if it is null; a form has no null.
    return form
        ? Set.of("prompt", "image", "mask")
        : Set.of("prompt", "images", "mask", "image", "input");
  }

  @Override
  public Set<String> ignored() {
    return IGNORED;
  }

  @Override
  public void refuse(ReceivedBody received, ObjectNode root) {
    Members body = new Members(root, "");
    if (body.find("mask") != null) {
      throw noMask();
    }
    if (body.find("input") != null) {
      throw new GatewayException(
          ErrorCode.UNKNOWN_PARAMETER,
          "input",
          "input belongs to /v1/images/generations; here the words stand in prompt, and the pictures in "
              + (form ? "files called image" : HOW));
    }
    if (!form && body.find("image") != null) {
      throw new GatewayException(
          ErrorCode.UNKNOWN_PARAMETER, "image", "There is no member image in JSON; write " + HOW);
    }
    if (!form) {
      StrayPictures.refuseIn(received, root, PLACE);
    }
  }

  static GatewayException noMask() {
    return new GatewayException(
        ErrorCode.UNKNOWN_PARAMETER,
        "mask",
        "The models here take no mask; say in bbox_list which part of a picture to edit:"
            + " [picture][box][x1,y1,x2,y2] in pixels, such as [[[10,20,300,400]]]");
  }

  @Override
  public List<ContentPart> read(Members body, RequestCheck check, List<Warning> warnings) {
    ContentPart.Text prompt =
        GenerationContent.prompt(body, check, "say what is to become of the pictures");
    String member = form ? "image" : "images";
    ArrayNode images = body.array(member);
    if (images == null || images.isEmpty()) {
      throw new GatewayException(
          ErrorCode.MISSING_REQUIRED_PARAMETER,
          member,
          "there is no picture to edit; "
              + (form ? "send it as a file called image" : "write " + HOW));
    }
    check.inputs(member, images.size());
    List<ContentPart> parts = new ArrayList<>();
    for (JsonNode image : images) {
      parts.add(new ContentPart.Image(image(image, member, parts.size(), images.size(), check)));
    }
    parts.add(prompt);
    return parts;
  }

  private InputImage sent(String path, String text, RequestCheck check) {
    // A file has a placeholder.
    if (text.regionMatches(true, 0, "data:", 0, 5)) {
      throw InputMember.refused(
          path,
          "came as a data URL in the text of a form; send it as a file, with a file name:"
              + " -F image=@picture.png");
    }
    return picture.read(path, text, check);
  }

  private InputImage image(JsonNode node, String member, int index, int count, RequestCheck check) {
    String path = member + "[" + index + "]";
    if (form) {
      return sent(count == 1 ? member : path, node.stringValue(), check);
    }
    Members image = Members.of(node, path);
    image.refuseOthers(Set.of("image_url", "file_id"));
    if (image.find("file_id") != null) {
      throw new GatewayException(
          ErrorCode.UNKNOWN_PARAMETER,
          image.path("file_id"),
          "There are no uploaded files here; give the picture as image_url, or send the request as"
              + " multipart/form-data with the picture in it");
    }
    String url = image.text("image_url");
    if (url == null) {
      throw new GatewayException(
          ErrorCode.MISSING_REQUIRED_PARAMETER,
          image.path("image_url"),
          image.path("image_url") + " is missing; write " + HOW);
    }
    return picture.read(image.path("image_url"), url, check);
  }
}
