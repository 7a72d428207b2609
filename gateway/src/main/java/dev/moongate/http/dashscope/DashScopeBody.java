package dev.moongate.http.dashscope;

import dev.moongate.error.ErrorCode;
import dev.moongate.error.GatewayException;
import dev.moongate.http.Json;
import dev.moongate.http.Members;
import dev.moongate.http.Wire;
import dev.moongate.http.body.ReceivedBody;
import dev.moongate.http.images.ContentMembers;
import dev.moongate.http.images.InputMember;
import dev.moongate.http.images.PictureMembers;
import dev.moongate.http.images.StrayPictures;
import dev.moongate.http.images.Usual;
import dev.moongate.image.ContentPart;
import dev.moongate.image.ImageRequest;
import dev.moongate.image.ResponseFormat;
import dev.moongate.image.Warning;
import dev.moongate.model.Alias;
import dev.moongate.model.Catalogue;
import dev.moongate.model.RequestCheck;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The vendor's body: {@code model}, {@code input}, {@code parameters}, and nothing else. Pictures
 * come back as links always: the vendor knows no other way.
 */
final class DashScopeBody {
  private static final Set<String> MEMBERS = Set.of("model", "input", "parameters");

  /**
   * What the vendor's other models can switch on and its SDKs switch off unasked: false is how it
   * is here, true is refused.
   */
  private static final Set<String> ALWAYS_OFF =
      Set.of("enable_search", "enable_interleave", "stream", "incremental_output");

  private DashScopeBody() {}

  /**
   * The request that a body is. Its input pictures are still the body's own when this returns.
   *
   * @param warned what the caller is to be told already
   * @throws GatewayException naming the member that is wrong
   */
  static ImageRequest parse(
      InputMember pictures, Catalogue catalogue, Usual usual, List<Warning> warned) {
    ReceivedBody received = pictures.received();
    ObjectNode root = Json.object(received.json());
    StrayPictures.refuseIn(received, root);
    Members body = new Members(root, "");
    body.refuseOthers(MEMBERS);
    Alias named = PictureMembers.model(body, catalogue);
    JsonNode given = body.find("parameters");
    Members parameters =
        Members.of(given == null ? Wire.object() : given, "parameters").or(named.defaults());
    List<Warning> warnings = new ArrayList<>(warned);
    refuseUnknown(parameters, usual.lenient(), warnings);
    JsonNode input = body.find("input");
    if (input == null) {
      throw new GatewayException(
          ErrorCode.MISSING_REQUIRED_PARAMETER,
          "input",
          "input is missing; say what the picture shows in input.messages");
    }
    RequestCheck check = new RequestCheck(named.model(), "parameters.");
    List<ContentPart> content = new ContentMembers(pictures, check).read(input);
    try {
      return new PictureMembers(parameters, named.model(), check)
          .request(content, ResponseFormat.URL, usual.linkLife(), warnings);
    } catch (GatewayException e) {
      throw named.explain(e, name -> given != null && given.hasNonNull(name));
    }
  }

  private static void refuseUnknown(Members parameters, boolean lenient, List<Warning> warnings) {
    for (String name : parameters.names()) {
      if (PictureMembers.NAMES.contains(name)) {
        continue;
      }
      if (ALWAYS_OFF.contains(name)) {
        refuseIfOn(parameters, name);
      } else if (!lenient || !PictureMembers.IGNORED_WHEN_LENIENT.contains(name)) {
        throw parameters.unknown(name, PictureMembers.NAMES);
      } else if (parameters.find(name) != null) {
        warnings.add(
            new Warning(
                parameters.path(name),
                "ignored_parameter",
                "This model has no use for " + name + "; it was ignored."));
      }
    }
  }

  private static void refuseIfOn(Members parameters, String name) {
    if (Boolean.TRUE.equals(parameters.flag(name))) {
      throw new GatewayException(
          ErrorCode.INVALID_VALUE,
          parameters.path(name),
          parameters.path(name) + " must be false or left out: this model cannot do it");
    }
  }
}
