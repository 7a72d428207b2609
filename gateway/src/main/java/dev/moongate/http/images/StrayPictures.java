package dev.moongate.http.images;

import dev.moongate.error.ErrorCode;
import dev.moongate.error.GatewayException;
import dev.moongate.http.body.ReceivedBody;
import java.util.Map;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** Finds pictures that were taken out of members in which no picture belongs. */
public final class StrayPictures {
  private static final Pattern PLACE =
      Pattern.compile("input\\.messages\\[\\d+\\]\\.content\\[\\d+\\]\\.image");

  private StrayPictures() {}

  /** Refuses a body with a data URL anywhere but in an item of the content, naming the member. */
  public static void refuseIn(ReceivedBody received, JsonNode root) {
    if (received.hasInputs()) {
      walk(received, root, "");
    }
  }

  private static void walk(ReceivedBody received, JsonNode node, String path) {
    if (node.isString()) {
      refuse(received, node.stringValue(), path);
      return;
    }
    for (Map.Entry<String, JsonNode> member : node.properties()) {
      // The name itself is a data URL: its placeholder is nothing to show.
      refuse(received, member.getKey(), path.isEmpty() ? "body" : path);
      walk(
          received,
          member.getValue(),
          path.isEmpty() ? member.getKey() : path + "." + member.getKey());
    }
    if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        walk(received, node.get(i), path + "[" + i + "]");
      }
    }
  }

  private static void refuse(ReceivedBody received, String text, String path) {
    if (!PLACE.matcher(path).matches() && received.findInput(text).isPresent()) {
      String shown = GatewayException.shown(path);
      throw new GatewayException(
          ErrorCode.INVALID_VALUE,
          shown,
          "%s holds a data URL; pictures belong in an {\"image\": ...} item of input.messages[0].content"
              .formatted(shown));
    }
  }
}
